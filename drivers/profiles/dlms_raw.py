"""Smart meter whose RS-485 port pushes DLMS without any frame (EG.D in Czechia, Sagemcom XT211): 9600 8N1, a list every minute.

Nothing checks these bytes but their own shape. Values are W and Wh without saying so. Sources: EG.D "HAN rozhrani RS485"; dumps
raw_egd_example and raw_sagecom_xt211 in esphome-libs/dlms_parser.
"""

PROFILE = {
    "title": "Smart meter that pushes bare DLMS on RS-485",
    "kind": "meter",
    "protocol": "dlms",
    "links": (("serial", 9600, "8N1"),),
    "capture": "dlms/raw",
    "safe": "a meter: nothing to leave",
}
