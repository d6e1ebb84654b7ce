"""Values that are right, for tests to change one thing in."""

CONSENT = {"consent_date": "2024-03-04", "consent_version": "1.0"}
PERSON = {"birth_date": "1960-05", "sex": "M", "ecog": "1"}
PASSWORD = "grevy zebra stripes"
DIAGNOSIS = {"confirmed": "HISTOLOGY", "diagnosis_date": "2023-11"}
LESIONS = {
    "scan_date": "2024-03-06",
    "lesions": [
        {"lesion_id": "T1", "role": "TARGET", "kind": "NON_NODAL", "organ": "LIVER", "diameter_mm": "32"},
    ],
}
