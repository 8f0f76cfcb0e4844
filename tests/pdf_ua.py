"""PDFs held to PDF/UA-1 by a validator that had no part in making them."""

from page import ValidationProfile, validate_pdf_bytes


def ua_faults(body):
    """What a PDF breaks of the rules of PDF/UA-1 that a machine can judge."""
    report = validate_pdf_bytes(body, profile=ValidationProfile.PDF_UA_1)
    assert report.rules.total > 100
    return [(failure.rule_id, failure.message) for failure in report.failures]
