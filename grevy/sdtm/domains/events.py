"""Events: adverse events, history, disposition, protocol deviations."""

from grevy.sdtm.domains.declaration import declare

AE = declare(
    "AE",
    "Adverse Events",
    "STUDYID USUBJID AESEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    AESEQ    Num  Req  Sequence Number
    AEGRPID  Char Perm Group ID
    AEREFID  Char Perm Reference ID
    AESPID   Char Perm Sponsor-Defined Identifier
    AETERM   Char Req  Reported Term for the Adverse Event
    AEMODIFY Char Perm Modified Reported Term
    AELLT    Char Exp  Lowest Level Term
    AELLTCD  Num  Exp  Lowest Level Term Code
    AEDECOD  Char Req  Dictionary-Derived Term
    AEPTCD   Num  Exp  Preferred Term Code
    AEHLT    Char Exp  High Level Term
    AEHLTCD  Num  Exp  High Level Term Code
    AEHLGT   Char Exp  High Level Group Term
    AEHLGTCD Num  Exp  High Level Group Term Code
    AECAT    Char Perm Category for Adverse Event
    AESCAT   Char Perm Subcategory for Adverse Event
    AEPRESP  Char Perm Pre-Specified Adverse Event
    AEBODSYS Char Exp  Body System or Organ Class
    AEBDSYCD Num  Exp  Body System or Organ Class Code
    AESOC    Char Exp  Primary System Organ Class
    AESOCCD  Num  Exp  Primary System Organ Class Code
    AELOC    Char Perm Location of Event
    AESEV    Char Perm Severity/Intensity
    AESER    Char Exp  Serious Event
    AEACN    Char Exp  Action Taken with Study Treatment
    AEACNOTH Char Perm Other Action Taken
    AEREL    Char Exp  Causality
    AERELNST Char Perm Relationship to Non-Study Treatment
    AEPATT   Char Perm Pattern of Adverse Event
    AEOUT    Char Perm Outcome of Adverse Event
    AESCAN   Char Perm Involves Cancer
    AESCONG  Char Perm Congenital Anomaly or Birth Defect
    AESDISAB Char Perm Persist or Signif Disability/Incapacity
    AESDTH   Char Perm Results in Death
    AESHOSP  Char Perm Requires or Prolongs Hospitalization
    AESLIFE  Char Perm Is Life Threatening
    AESOD    Char Perm Occurred with Overdose
    AESMIE   Char Perm Other Medically Important Serious Event
    AECONTRT Char Perm Concomitant or Additional Trtmnt Given
    AETOXGR  Char Perm Standard Toxicity Grade
    EPOCH    Char Perm Epoch
    AESTDTC  Char Exp  Start Date/Time of Adverse Event
    AEENDTC  Char Exp  End Date/Time of Adverse Event
    AESTDY   Num  Perm Study Day of Start of Adverse Event
    AEENDY   Num  Perm Study Day of End of Adverse Event
    AEDUR    Char Perm Duration of Adverse Event
    AEENRF   Char Perm End Relative to Reference Period
    AEENRTPT Char Perm End Relative to Reference Time Point
    AEENTPT  Char Perm End Reference Time Point
""",
)

MH = declare(
    "MH",
    "Medical History",
    "STUDYID USUBJID MHSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    MHSEQ    Num  Req  Sequence Number
    MHGRPID  Char Perm Group ID
    MHREFID  Char Perm Reference ID
    MHSPID   Char Perm Sponsor-Defined Identifier
    MHTERM   Char Req  Reported Term for the Medical History
    MHMODIFY Char Perm Modified Reported Term
    MHDECOD  Char Perm Dictionary-Derived Term
    MHEVDTYP Char Perm Medical History Event Date Type
    MHCAT    Char Perm Category for Medical History
    MHSCAT   Char Perm Subcategory for Medical History
    MHPRESP  Char Perm Medical History Event Pre-Specified
    MHOCCUR  Char Perm Medical History Occurrence
    MHSTAT   Char Perm Completion Status
    MHREASND Char Perm Reason Medical History Not Collected
    MHBODSYS Char Perm Body System or Organ Class
    EPOCH    Char Perm Epoch
    MHDTC    Char Perm Date/Time of History Collection
    MHSTDTC  Char Perm Start Date/Time of Medical History Event
    MHENDTC  Char Perm End Date/Time of Medical History Event
    MHDY     Num  Perm Study Day of History Collection
    MHSTDY   Num  Perm Study Day of Start of Observation
    MHENDY   Num  Perm Study Day of End of Observation
    MHENRF   Char Perm End Relative to Reference Period
    MHENRTPT Char Perm End Relative to Reference Time Point
    MHENTPT  Char Perm End Reference Time Point
""",
)

DS = declare(
    "DS",
    "Disposition",
    "STUDYID USUBJID DSSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DSSEQ    Num  Req  Sequence Number
    DSREFID  Char Perm Reference ID
    DSSPID   Char Perm Sponsor-Defined Identifier
    DSTERM   Char Req  Reported Term for the Disposition Event
    DSDECOD  Char Req  Standardized Disposition Term
    DSCAT    Char Exp  Category for Disposition Event
    DSSCAT   Char Perm Subcategory for Disposition Event
    EPOCH    Char Perm Epoch
    DSDTC    Char Perm Date/Time of Collection
    DSSTDTC  Char Exp  Start Date/Time of Disposition Event
    DSDY     Num  Perm Study Day of Collection
    DSSTDY   Num  Exp  Study Day of Start of Disposition Event
""",
)

DV = declare(
    "DV",
    "Protocol Deviations",
    "STUDYID USUBJID DVSEQ",
    """
    STUDYID  Char Req  Study Identifier
    DOMAIN   Char Req  Domain Abbreviation
    USUBJID  Char Req  Unique Subject Identifier
    DVSEQ    Num  Req  Sequence Number
    DVREFID  Char Perm Reference ID
    DVSPID   Char Perm Sponsor-Defined Identifier
    DVTERM   Char Req  Protocol Deviation Term
    DVDECOD  Char Perm Protocol Deviation Coded Term
    DVCAT    Char Perm Category for Protocol Deviation
    DVSCAT   Char Perm Subcategory for Protocol Deviation
    EPOCH    Char Perm Epoch
    DVSTDTC  Char Perm Start Date/Time of Deviation
    DVENDTC  Char Perm End Date/Time of Deviation
    DVSTDY   Num  Perm Study Day of Start of Deviation Event
    DVENDY   Num  Perm Study Day of End of Deviation Event
""",
)
