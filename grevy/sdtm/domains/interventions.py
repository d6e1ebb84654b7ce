"""Interventions: study drug, other drugs, procedures."""

from grevy.sdtm.domains.declaration import declare

EX = declare(
    "EX",
    "Exposure",
    "STUDYID USUBJID EXSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    EXSEQ    Num  Req  Sequence Number
    EXGRPID  Char Perm Group ID
    EXREFID  Char Perm Reference ID
    EXSPID   Char Perm Sponsor-Defined Identifier
    EXLNKID  Char Perm Link ID
    EXTRT    Char Req  Name of Treatment
    EXCAT    Char Perm Category of Treatment
    EXSCAT   Char Perm Subcategory of Treatment
    EXDOSE   Num  Exp  Dose
    EXDOSTXT Char Perm Dose Description
    EXDOSU   Char Exp  Dose Units
    EXDOSFRM Char Exp  Dose Form
    EXDOSFRQ Char Perm Dosing Frequency per Interval
    EXDOSRGM Char Perm Intended Dose Regimen
    EXROUTE  Char Perm Route of Administration
    EXLOT    Char Perm Lot Number
    EXLOC    Char Perm Location of Dose Administration
    EXFAST   Char Perm Fasting Status
    EXADJ    Char Perm Reason for Dose Adjustment
    EPOCH    Char Perm Epoch
    EXSTDTC  Char Exp  Start Date/Time of Treatment
    EXENDTC  Char Exp  End Date/Time of Treatment
    EXSTDY   Num  Perm Study Day of Start of Treatment
    EXENDY   Num  Perm Study Day of End of Treatment
    EXDUR    Char Perm Duration of Treatment
    EXTPT    Char Perm Planned Time Point Name
    EXTPTNUM Num  Perm Planned Time Point Number
""",
)

CM = declare(
    "CM",
    "Concomitant/Prior Medications",
    "STUDYID USUBJID CMSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    CMSEQ    Num  Req  Sequence Number
    CMGRPID  Char Perm Group ID
    CMSPID   Char Perm Sponsor-Defined Identifier
    CMTRT    Char Req  Reported Name of Drug, Med, or Therapy
    CMMODIFY Char Perm Modified Reported Name
    CMDECOD  Char Perm Standardized Medication Name
    CMCAT    Char Perm Category for Medication
    CMSCAT   Char Perm Subcategory for Medication
    CMPRESP  Char Perm CM Pre-specified
    CMOCCUR  Char Perm CM Occurrence
    CMSTAT   Char Perm Completion Status
    CMREASND Char Perm Reason Medication Not Collected
    CMINDC   Char Perm Indication
    CMCLAS   Char Perm Medication Class
    CMCLASCD Char Perm Medication Class Code
    CMDOSE   Num  Perm Dose per Administration
    CMDOSTXT Char Perm Dose Description
    CMDOSU   Char Perm Dose Units
    CMDOSFRM Char Perm Dose Form
    CMDOSFRQ Char Perm Dosing Frequency per Interval
    CMDOSTOT Num  Perm Total Daily Dose
    CMDOSRGM Char Perm Intended Dose Regimen
    CMROUTE  Char Perm Route of Administration
    CMADJ    Char Perm Reason for Dose Adjustment
    CMRSDISC Char Perm Reason the Intervention Was Discontinued
    EPOCH    Char Perm Epoch
    CMSTDTC  Char Perm Start Date/Time of Medication
    CMENDTC  Char Perm End Date/Time of Medication
    CMSTDY   Num  Perm Study Day of Start of Medication
    CMENDY   Num  Perm Study Day of End of Medication
    CMDUR    Char Perm Duration
    CMSTRF   Char Perm Start Relative to Reference Period
    CMENRF   Char Perm End Relative to Reference Period
    CMSTRTPT Char Perm Start Relative to Reference Time Point
    CMSTTPT  Char Perm Start Reference Time Point
    CMENRTPT Char Perm End Relative to Reference Time Point
    CMENTPT  Char Perm End Reference Time Point
""",
)

PR = declare(
    "PR",
    "Procedures",
    "STUDYID USUBJID PRSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    PRSEQ    Num  Req  Sequence Number
    PRGRPID  Char Perm Group ID
    PRSPID   Char Perm Sponsor-Defined Identifier
    PRLNKID  Char Perm Link ID
    PRTRT    Char Req  Reported Name of Procedure
    PRDECOD  Char Perm Standardized Procedure Name
    PRCAT    Char Perm Category
    PRSCAT   Char Perm Subcategory
    PRPRESP  Char Perm Pre-specified
    PROCCUR  Char Perm Occurrence
    PRINDC   Char Perm Indication
    PRDOSE   Num  Perm Dose
    PRDOSTXT Char Perm Dose Description
    PRDOSU   Char Perm Dose Units
    PRDOSFRQ Char Perm Dosing Frequency per Interval
    PRROUTE  Char Perm Route of Administration
    PRLOC    Char Perm Location of Procedure
    PRLAT    Char Perm Laterality
    VISITNUM Num  Perm Visit Number
    VISIT    Char Perm Visit Name
    VISITDY  Num  Perm Planned Study Day of Visit
    EPOCH    Char Perm Epoch
    PRSTDTC  Char Exp  Start Date/Time of Procedure
    PRENDTC  Char Perm End Date/Time of Procedure
    PRSTDY   Num  Perm Study Day of Start of Procedure
    PRENDY   Num  Perm Study Day of End of Procedure
    PRDUR    Char Perm Duration of Procedure
    PRSTRTPT Char Perm Start Relative to Reference Time Point
    PRSTTPT  Char Perm Start Reference Time Point
    PRENRTPT Char Perm End Relative to Reference Time Point
    PRENTPT  Char Perm End Reference Time Point
""",
)
