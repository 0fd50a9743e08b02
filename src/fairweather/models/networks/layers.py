"""The two convolution blocks every head is made of, the classifier, and how they are initialised."""

from torch import nn


def convolution(inputs: int, outputs: int, kernel: int = 1, dilation: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution (stride 1, size kept, no bias), batch normalisation, ReLU."""
    padding = dilation * (kernel // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=padding, dilation=dilation, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def separable(inputs: int, outputs: int, dilation: int = 1) -> nn.Sequential:
    """A 3x3 depthwise and a 1x1 convolution, each with batch normalisation and ReLU (Chen et al., ECCV 2018, section 3.1)."""
    return nn.Sequential(*convolution(inputs, inputs, 3, dilation, inputs), *convolution(inputs, outputs))


def classifier(inputs: int, num_classes: int, dropout: float = 0.1) -> nn.Sequential:
    """Dropout of whole channels and the 1x1 convolution that gives the class scores."""
    return nn.Sequential(nn.Dropout2d(dropout), nn.Conv2d(inputs, num_classes, 1))


def initialise(head: nn.Module) -> None:
    """He-normal convolutions (fan out) where a normalisation follows, classifiers (the convolutions with a bias) from N(0, 0.01).

    This is how mmsegmentation starts its decode heads; encoders keep the start of their library.
    """
    for module in head.modules():
        if isinstance(module, nn.Conv2d) and module.bias is None:
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Conv2d) and module.bias is not None:
            nn.init.normal_(module.weight, std=0.01)
            nn.init.zeros_(module.bias)
