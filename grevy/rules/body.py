"""Size of the body: surface and mass index. Surufatinib is dosed flat; surface is for partner drugs."""

from decimal import Decimal

from grevy.rules.words import Words

_KEPT = Decimal("0.000001")

BMI_CLASSES: tuple[tuple[str, Decimal, Words], ...] = (
    ("OBESE", Decimal(28), Words("Obese", "肥胖")),
    ("OVERWEIGHT", Decimal(24), Words("Overweight", "超重")),
    ("NORMAL", Decimal("18.5"), Words("Normal", "正常")),
    ("UNDERWEIGHT", Decimal(0), Words("Underweight", "体重过低")),
)
"""Chinese classes of the body mass index and what they begin with."""


def compute_bsa_mosteller(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Surface in m2 by Mosteller; 170 cm and 65 kg are 1.7520."""
    return (height_cm * weight_kg / 3600).sqrt().quantize(_KEPT)


def compute_bsa_dubois(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Surface in m2 by DuBois; 170 cm and 65 kg are 1.7536."""
    surface = Decimal("0.007184") * height_cm ** Decimal("0.725") * weight_kg ** Decimal("0.425")
    return surface.quantize(_KEPT)


def compute_bmi(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Mass index in kg/m2."""
    return (weight_kg * 10000 / height_cm**2).quantize(_KEPT)


def classify_bmi(bmi: Decimal) -> str:
    """Class by the Chinese limits: 23.95 is normal, 24 overweight."""
    return next(name for name, begins, _ in BMI_CLASSES if bmi >= begins)
