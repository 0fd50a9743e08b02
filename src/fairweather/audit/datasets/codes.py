"""The codes of `data check`: what each one looks at, and what to do where it does not hold."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fairweather.audit.check import Check, Severity

# code -> (what holds where all is well, what to do where it does not)
CODES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "data.unreadable_file": ("Every file is read whole.", "Unpack or download these files again."),
        "data.empty_file": (
            "No file is empty.",
            "Unpack or download these files again; check the free space on the disk.",
        ),
        "data.turned_image": (
            "No image asks its viewer to turn it (EXIF).",
            "Turn the pixels (Pillow: ImageOps.exif_transpose) or remove the tag, whichever fits the label.",
        ),
        "data.pixel_format": (
            "Every image has 8 bits a channel and nothing transparent.",
            "Convert these images to 8-bit RGB from their originals; do not rescale them silently.",
        ),
        "data.other_size": (
            "Every image has the size of its label.",
            "Take both from the same package; never resize a label to fit, and never but by nearest neighbour.",
        ),
        "data.skipped_record": (
            "No record was skipped.",
            "Mend the record, or accept that these images are not there.",
        ),
        "data.note": (
            "The reader found nothing else that a user should know.",
            "Read it: it says what of this data set is not as one might think.",
        ),
        "data.file_counts": (
            "Each split has as many labelled images as were published.",
            "If you did not mean to take a part of the package, unpack the rest of it.",
        ),
        "data.same_image_twice": (
            "No image stands under two names in one split.",
            "Remove all but one: it counts twice in training and in scores.",
        ),
        "data.inside_another": (
            "No image is in one of the other data sets as well.",
            "Never test one of the two with a model that was trained on the other, or leave these images out of one.",
        ),
        "data.domain_contradicts": (
            "No picture contradicts its domain.",
            "Look at these images, then mend their attribute or set their domain to undefined.",
        ),
        "data.domain_light": (
            "By day it is brighter than at dawn or dusk, and then brighter than at night.",
            "Look at eight frames of each domain (--sheet); the column of the domain may be shifted against the images.",
        ),
        "data.attribute_match": (
            "About as many images have an attribute record as is known of this data set.",
            "Far fewer: the key is wrong or a JSON file is missing. Far more: names were matched loosely.",
        ),
        "data.other_frame_name": (
            "Image and label of every pair bear the same frame in their names.",
            "Pair by the whole relative name, never by position in a sorted list.",
        ),
        "data.reference_with_other_label": (
            "No reference picture is paired with the label of the picture it refers to.",
            "Use the labels made for the references (gt_ref) or leave the references out: they are not pixel-aligned.",
        ),
        "labels.other_frame": (
            "The edges of every label are those of its own picture.",
            "Look at these pairs with the label overlaid (--sheet); pair by name again, and exclude what stays wrong.",
        ),
        "labels.not_as_declared": (
            "Every label file holds what its reader declares.",
            "Name the encoding that these files really have, or take the label files the reader asks for.",
        ),
        "labels.other_encoding": (
            "The label values make sense as what they are declared to be.",
            "Declare the encoding named here, or use the reader of the data set these labels come from.",
        ),
        "labels.id_table_twice": (
            "No table of ids was applied to labels that already were train ids.",
            "Read the files as train ids (cityscapes19), without any table.",
        ),
        "labels.red_blue_swapped": (
            "Red and blue were not swapped when colours were decoded.",
            "Decode the palette again as RGB (OpenCV reads BGR), or better read the palette's indices.",
        ),
        "labels.position": (
            "Sky lies above the middle and road below it.",
            "Look at the overlays (--sheet): labels are upside down, or their values mean other classes.",
        ),
        "labels.class_absent": (
            "Every class is labelled somewhere.",
            "A frequent class without a pixel means a wrong table or a missing part; a rare one is left out of all means.",
        ),
        "labels.class_shares": (
            "Road, sky and car take about the share of pixels they have in driving scenes.",
            "Compare the overlays (--sheet) with the class names; a share that is far off often means a wrong table.",
        ),
        "split.same_image_on_both_sides": (
            "No image stands on both sides of the split.",
            "Remove it from the training side.",
        ),
        "split.near_duplicates": (
            "No image has a near-duplicate on the other side of the split.",
            "Split by group (split: grouped), or read the scores as scores within the scene.",
        ),
    }
)


def holding(code: str, statement: str = "", severity: Severity = "error") -> Check:
    """The check of a code, which holds."""
    return Check(code, severity, True, statement or CODES[code][0])


def finding(code: str, severity: Severity, statement: str, rows: Sequence[Mapping[str, Any]]) -> Check:
    """The check of a code, which does not hold, with what to do."""
    return Check(code, severity, False, statement, tuple(dict(row) for row in rows), advice=CODES[code][1])
