"""The SunSpec models that profiles use, as the standard lays them out; facts only, and the same for every make.

A model is a line of points after its ID and length words, `name:type` or `name:type:scale factor`; `t8` is a text of 8 registers, `sf` a
scale factor, and `name*count(...)` a group: count is 1, the point that tells it, or 0 for as many as the length has room for. Source:
sunspec/models json/model_*.json (7abdf89), which tests/test_sunspec_models.py compares point by point.
"""

# Models with the registers of another (names of line voltages differ in 201, see sunspec/models).
LIKE = {101: 103, 102: 103, 111: 113, 112: 113, 201: 203, 202: 203, 204: 203, 211: 213, 212: 213, 707: 708, 709: 710}

MODELS = {
    1: "Mn:t16 Md:t16 Opt:t8 Vr:t8 SN:t16 DA:u16 Pad:pad",
    103: (
        "A:u16:A_SF AphA:u16:A_SF AphB:u16:A_SF AphC:u16:A_SF A_SF:sf PPVphAB:u16:V_SF PPVphBC:u16:V_SF PPVphCA:u16:V_SF PhVphA:u16:V_SF "
        "PhVphB:u16:V_SF PhVphC:u16:V_SF V_SF:sf W:s16:W_SF W_SF:sf Hz:u16:Hz_SF Hz_SF:sf VA:s16:VA_SF VA_SF:sf VAr:s16:VAr_SF VAr_SF:sf "
        "PF:s16:PF_SF PF_SF:sf WH:acc32:WH_SF WH_SF:sf DCA:u16:DCA_SF DCA_SF:sf DCV:u16:DCV_SF DCV_SF:sf DCW:s16:DCW_SF DCW_SF:sf "
        "TmpCab:s16:Tmp_SF TmpSnk:s16:Tmp_SF TmpTrns:s16:Tmp_SF TmpOt:s16:Tmp_SF Tmp_SF:sf St:u16 StVnd:u16 Evt1:u32 Evt2:u32 EvtVnd1:u32 "
        "EvtVnd2:u32 EvtVnd3:u32 EvtVnd4:u32"
    ),
    113: (
        "A:f32 AphA:f32 AphB:f32 AphC:f32 PPVphAB:f32 PPVphBC:f32 PPVphCA:f32 PhVphA:f32 PhVphB:f32 PhVphC:f32 W:f32 Hz:f32 VA:f32 "
        "VAr:f32 PF:f32 WH:f32 DCA:f32 DCV:f32 DCW:f32 TmpCab:f32 TmpSnk:f32 TmpTrns:f32 TmpOt:f32 St:u16 StVnd:u16 Evt1:u32 Evt2:u32 "
        "EvtVnd1:u32 EvtVnd2:u32 EvtVnd3:u32 EvtVnd4:u32"
    ),
    120: (
        "DERTyp:u16 WRtg:u16:WRtg_SF WRtg_SF:sf VARtg:u16:VARtg_SF VARtg_SF:sf VArRtgQ1:s16:VArRtg_SF VArRtgQ2:s16:VArRtg_SF "
        "VArRtgQ3:s16:VArRtg_SF VArRtgQ4:s16:VArRtg_SF VArRtg_SF:sf ARtg:u16:ARtg_SF ARtg_SF:sf PFRtgQ1:s16:PFRtg_SF PFRtgQ2:s16:PFRtg_SF "
        "PFRtgQ3:s16:PFRtg_SF PFRtgQ4:s16:PFRtg_SF PFRtg_SF:sf WHRtg:u16:WHRtg_SF WHRtg_SF:sf AhrRtg:u16:AhrRtg_SF AhrRtg_SF:sf "
        "MaxChaRte:u16:MaxChaRte_SF MaxChaRte_SF:sf MaxDisChaRte:u16:MaxDisChaRte_SF MaxDisChaRte_SF:sf Pad:pad"
    ),
    121: (
        "WMax:u16:WMax_SF VRef:u16:VRef_SF VRefOfs:s16:VRefOfs_SF VMax:u16:VMinMax_SF VMin:u16:VMinMax_SF VAMax:u16:VAMax_SF "
        "VArMaxQ1:s16:VArMax_SF VArMaxQ2:s16:VArMax_SF VArMaxQ3:s16:VArMax_SF VArMaxQ4:s16:VArMax_SF WGra:u16:WGra_SF "
        "PFMinQ1:s16:PFMin_SF PFMinQ2:s16:PFMin_SF PFMinQ3:s16:PFMin_SF PFMinQ4:s16:PFMin_SF VArAct:u16 ClcTotVA:u16 "
        "MaxRmpRte:u16:MaxRmpRte_SF ECPNomHz:u16:ECPNomHz_SF ConnPh:u16 WMax_SF:sf VRef_SF:sf VRefOfs_SF:sf VMinMax_SF:sf VAMax_SF:sf "
        "VArMax_SF:sf WGra_SF:sf PFMin_SF:sf MaxRmpRte_SF:sf ECPNomHz_SF:sf"
    ),
    122: (
        "PVConn:u16 StorConn:u16 ECPConn:u16 ActWh:acc64 ActVAh:acc64 ActVArhQ1:acc64 ActVArhQ2:acc64 ActVArhQ3:acc64 ActVArhQ4:acc64 "
        "VArAval:s16:VArAval_SF VArAval_SF:sf WAval:u16:WAval_SF WAval_SF:sf StSetLimMsk:u32 StActCtl:u32 TmSrc:t4 Tms:u32 RtSt:u16 "
        "Ris:u16:Ris_SF Ris_SF:sf"
    ),
    123: (
        "Conn_WinTms:u16 Conn_RvrtTms:u16 Conn:u16 WMaxLimPct:u16:WMaxLimPct_SF WMaxLimPct_WinTms:u16 WMaxLimPct_RvrtTms:u16 "
        "WMaxLimPct_RmpTms:u16 WMaxLim_Ena:u16 OutPFSet:s16:OutPFSet_SF OutPFSet_WinTms:u16 OutPFSet_RvrtTms:u16 OutPFSet_RmpTms:u16 "
        "OutPFSet_Ena:u16 VArWMaxPct:s16:VArPct_SF VArMaxPct:s16:VArPct_SF VArAvalPct:s16:VArPct_SF VArPct_WinTms:u16 VArPct_RvrtTms:u16 "
        "VArPct_RmpTms:u16 VArPct_Mod:u16 VArPct_Ena:u16 WMaxLimPct_SF:sf OutPFSet_SF:sf VArPct_SF:sf"
    ),
    124: (
        "WChaMax:u16:WChaMax_SF WChaGra:u16:WChaDisChaGra_SF WDisChaGra:u16:WChaDisChaGra_SF StorCtl_Mod:u16 VAChaMax:u16:VAChaMax_SF "
        "MinRsvPct:u16:MinRsvPct_SF ChaState:u16:ChaState_SF StorAval:u16:StorAval_SF InBatV:u16:InBatV_SF ChaSt:u16 "
        "OutWRte:s16:InOutWRte_SF InWRte:s16:InOutWRte_SF InOutWRte_WinTms:u16 InOutWRte_RvrtTms:u16 InOutWRte_RmpTms:u16 ChaGriSet:u16 "
        "WChaMax_SF:sf WChaDisChaGra_SF:sf VAChaMax_SF:sf MinRsvPct_SF:sf ChaState_SF:sf StorAval_SF:sf InBatV_SF:sf InOutWRte_SF:sf"
    ),
    129: (
        "ActCrv:u16 ModEna:u16 WinTms:u16 RvrtTms:u16 RmpTms:u16 NCrv:u16 NPt:u16 Tms_SF:sf V_SF:sf Pad:pad curve*0(ActPt:u16 "
        "Tms1:u16:Tms_SF V1:u16:V_SF Tms2:u16:Tms_SF V2:u16:V_SF Tms3:u16:Tms_SF V3:u16:V_SF Tms4:u16:Tms_SF V4:u16:V_SF Tms5:u16:Tms_SF "
        "V5:u16:V_SF Tms6:u16:Tms_SF V6:u16:V_SF Tms7:u16:Tms_SF V7:u16:V_SF Tms8:u16:Tms_SF V8:u16:V_SF Tms9:u16:Tms_SF V9:u16:V_SF "
        "Tms10:u16:Tms_SF V10:u16:V_SF Tms11:u16:Tms_SF V11:u16:V_SF Tms12:u16:Tms_SF V12:u16:V_SF Tms13:u16:Tms_SF V13:u16:V_SF "
        "Tms14:u16:Tms_SF V14:u16:V_SF Tms15:u16:Tms_SF V15:u16:V_SF Tms16:u16:Tms_SF V16:u16:V_SF Tms17:u16:Tms_SF V17:u16:V_SF "
        "Tms18:u16:Tms_SF V18:u16:V_SF Tms19:u16:Tms_SF V19:u16:V_SF Tms20:u16:Tms_SF V20:u16:V_SF CrvNam:t8 ReadOnly:u16)"
    ),
    160: (
        "DCA_SF:sf DCV_SF:sf DCW_SF:sf DCWH_SF:sf Evt:u32 N:u16 TmsPer:u16 module*0(ID:u16 IDStr:t8 DCA:u16:DCA_SF DCV:u16:DCV_SF "
        "DCW:u16:DCW_SF DCWH:acc32:DCWH_SF Tms:u32 Tmp:s16 DCSt:u16 DCEvt:u32)"
    ),
    203: (
        "A:s16:A_SF AphA:s16:A_SF AphB:s16:A_SF AphC:s16:A_SF A_SF:sf PhV:s16:V_SF PhVphA:s16:V_SF PhVphB:s16:V_SF PhVphC:s16:V_SF "
        "PPV:s16:V_SF PhVphAB:s16:V_SF PhVphBC:s16:V_SF PhVphCA:s16:V_SF V_SF:sf Hz:s16:Hz_SF Hz_SF:sf W:s16:W_SF WphA:s16:W_SF "
        "WphB:s16:W_SF WphC:s16:W_SF W_SF:sf VA:s16:VA_SF VAphA:s16:VA_SF VAphB:s16:VA_SF VAphC:s16:VA_SF VA_SF:sf VAR:s16:VAR_SF "
        "VARphA:s16:VAR_SF VARphB:s16:VAR_SF VARphC:s16:VAR_SF VAR_SF:sf PF:s16:PF_SF PFphA:s16:PF_SF PFphB:s16:PF_SF PFphC:s16:PF_SF "
        "PF_SF:sf TotWhExp:acc32:TotWh_SF TotWhExpPhA:acc32:TotWh_SF TotWhExpPhB:acc32:TotWh_SF TotWhExpPhC:acc32:TotWh_SF "
        "TotWhImp:acc32:TotWh_SF TotWhImpPhA:acc32:TotWh_SF TotWhImpPhB:acc32:TotWh_SF TotWhImpPhC:acc32:TotWh_SF TotWh_SF:sf "
        "TotVAhExp:acc32:TotVAh_SF TotVAhExpPhA:acc32:TotVAh_SF TotVAhExpPhB:acc32:TotVAh_SF TotVAhExpPhC:acc32:TotVAh_SF "
        "TotVAhImp:acc32:TotVAh_SF TotVAhImpPhA:acc32:TotVAh_SF TotVAhImpPhB:acc32:TotVAh_SF TotVAhImpPhC:acc32:TotVAh_SF TotVAh_SF:sf "
        "TotVArhImpQ1:acc32:TotVArh_SF TotVArhImpQ1PhA:acc32:TotVArh_SF TotVArhImpQ1PhB:acc32:TotVArh_SF TotVArhImpQ1PhC:acc32:TotVArh_SF "
        "TotVArhImpQ2:acc32:TotVArh_SF TotVArhImpQ2PhA:acc32:TotVArh_SF TotVArhImpQ2PhB:acc32:TotVArh_SF TotVArhImpQ2PhC:acc32:TotVArh_SF "
        "TotVArhExpQ3:acc32:TotVArh_SF TotVArhExpQ3PhA:acc32:TotVArh_SF TotVArhExpQ3PhB:acc32:TotVArh_SF TotVArhExpQ3PhC:acc32:TotVArh_SF "
        "TotVArhExpQ4:acc32:TotVArh_SF TotVArhExpQ4PhA:acc32:TotVArh_SF TotVArhExpQ4PhB:acc32:TotVArh_SF TotVArhExpQ4PhC:acc32:TotVArh_SF "
        "TotVArh_SF:sf Evt:u32"
    ),
    213: (
        "A:f32 AphA:f32 AphB:f32 AphC:f32 PhV:f32 PhVphA:f32 PhVphB:f32 PhVphC:f32 PPV:f32 PPVphAB:f32 PPVphBC:f32 PPVphCA:f32 Hz:f32 "
        "W:f32 WphA:f32 WphB:f32 WphC:f32 VA:f32 VAphA:f32 VAphB:f32 VAphC:f32 VAR:f32 VARphA:f32 VARphB:f32 VARphC:f32 PF:f32 PFphA:f32 "
        "PFphB:f32 PFphC:f32 TotWhExp:f32 TotWhExpPhA:f32 TotWhExpPhB:f32 TotWhExpPhC:f32 TotWhImp:f32 TotWhImpPhA:f32 TotWhImpPhB:f32 "
        "TotWhImpPhC:f32 TotVAhExp:f32 TotVAhExpPhA:f32 TotVAhExpPhB:f32 TotVAhExpPhC:f32 TotVAhImp:f32 TotVAhImpPhA:f32 TotVAhImpPhB:f32 "
        "TotVAhImpPhC:f32 TotVArhImpQ1:f32 TotVArhImpQ1phA:f32 TotVArhImpQ1phB:f32 TotVArhImpQ1phC:f32 TotVArhImpQ2:f32 "
        "TotVArhImpQ2phA:f32 TotVArhImpQ2phB:f32 TotVArhImpQ2phC:f32 TotVArhExpQ3:f32 TotVArhExpQ3phA:f32 TotVArhExpQ3phB:f32 "
        "TotVArhExpQ3phC:f32 TotVArhExpQ4:f32 TotVArhExpQ4phA:f32 TotVArhExpQ4phB:f32 TotVArhExpQ4phC:f32 Evt:u32"
    ),
    701: (
        "ACType:u16 St:u16 InvSt:u16 ConnSt:u16 Alrm:u32 DERMode:u32 W:s16:W_SF VA:s16:VA_SF Var:s16:Var_SF PF:s16:PF_SF A:s16:A_SF "
        "LLV:u16:V_SF LNV:u16:V_SF Hz:u32:Hz_SF TotWhInj:u64:TotWh_SF TotWhAbs:u64:TotWh_SF TotVarhInj:u64:TotVarh_SF "
        "TotVarhAbs:u64:TotVarh_SF TmpAmb:s16:Tmp_SF TmpCab:s16:Tmp_SF TmpSnk:s16:Tmp_SF TmpTrns:s16:Tmp_SF TmpSw:s16:Tmp_SF "
        "TmpOt:s16:Tmp_SF WL1:s16:W_SF VAL1:s16:VA_SF VarL1:s16:Var_SF PFL1:s16:PF_SF AL1:s16:A_SF VL1L2:u16:V_SF VL1:u16:V_SF "
        "TotWhInjL1:u64:TotWh_SF TotWhAbsL1:u64:TotWh_SF TotVarhInjL1:u64:TotVarh_SF TotVarhAbsL1:u64:TotVarh_SF WL2:s16:W_SF "
        "VAL2:s16:VA_SF VarL2:s16:Var_SF PFL2:s16:PF_SF AL2:s16:A_SF VL2L3:u16:V_SF VL2:u16:V_SF TotWhInjL2:u64:TotWh_SF "
        "TotWhAbsL2:u64:TotWh_SF TotVarhInjL2:u64:TotVarh_SF TotVarhAbsL2:u64:TotVarh_SF WL3:s16:W_SF VAL3:s16:VA_SF VarL3:s16:Var_SF "
        "PFL3:s16:PF_SF AL3:s16:A_SF VL3L1:u16:V_SF VL3:u16:V_SF TotWhInjL3:u64:TotWh_SF TotWhAbsL3:u64:TotWh_SF "
        "TotVarhInjL3:u64:TotVarh_SF TotVarhAbsL3:u64:TotVarh_SF ThrotPct:u16 ThrotSrc:u32 A_SF:sf V_SF:sf Hz_SF:sf W_SF:sf PF_SF:sf "
        "VA_SF:sf Var_SF:sf TotWh_SF:sf TotVarh_SF:sf Tmp_SF:sf MnAlrmInfo:t32"
    ),
    702: (
        "WMaxRtg:u16:W_SF WOvrExtRtg:u16:W_SF WOvrExtRtgPF:u16:PF_SF WUndExtRtg:u16:W_SF WUndExtRtgPF:u16:PF_SF VAMaxRtg:u16:VA_SF "
        "VarMaxInjRtg:u16:Var_SF VarMaxAbsRtg:u16:Var_SF WChaRteMaxRtg:u16:W_SF WDisChaRteMaxRtg:u16:W_SF VAChaRteMaxRtg:u16:VA_SF "
        "VADisChaRteMaxRtg:u16:VA_SF VNomRtg:u16:V_SF VMaxRtg:u16:V_SF VMinRtg:u16:V_SF AMaxRtg:u16:A_SF PFOvrExtRtg:u16:PF_SF "
        "PFUndExtRtg:u16:PF_SF ReactSusceptRtg:u16:S_SF NorOpCatRtg:u16 AbnOpCatRtg:u16 CtrlModes:u32 IntIslandCatRtg:u16 WMax:u16:W_SF "
        "WMaxOvrExt:u16:W_SF WOvrExtPF:u16:PF_SF WMaxUndExt:u16:W_SF WUndExtPF:u16:PF_SF VAMax:u16:VA_SF VarMaxInj:u16:Var_SF "
        "VarMaxAbs:u16:Var_SF WChaRteMax:u16:W_SF WDisChaRteMax:u16:W_SF VAChaRteMax:u16:VA_SF VADisChaRteMax:u16:VA_SF VNom:u16:V_SF "
        "VMax:u16:V_SF VMin:u16:V_SF AMax:u16:A_SF PFOvrExt:u16:PF_SF PFUndExt:u16:PF_SF IntIslandCat:u16 W_SF:sf PF_SF:sf VA_SF:sf "
        "Var_SF:sf V_SF:sf A_SF:sf S_SF:sf"
    ),
    703: (
        "ES:u16 ESVHi:u16:V_SF ESVLo:u16:V_SF ESHzHi:u32:Hz_SF ESHzLo:u32:Hz_SF ESDlyTms:u32 ESRndTms:u32 ESRmpTms:u32 ESDlyRemTms:u32 "
        "V_SF:sf Hz_SF:sf"
    ),
    704: (
        "PFWInjEna:u16 PFWInjEnaRvrt:u16 PFWInjRvrtTms:u32 PFWInjRvrtRem:u32 PFWAbsEna:u16 PFWAbsEnaRvrt:u16 PFWAbsRvrtTms:u32 "
        "PFWAbsRvrtRem:u32 WMaxLimPctEna:u16 WMaxLimPct:u16:WMaxLimPct_SF WMaxLimPctRvrt:u16:WMaxLimPct_SF WMaxLimPctEnaRvrt:u16 "
        "WMaxLimPctRvrtTms:u32 WMaxLimPctRvrtRem:u32 WSetEna:u16 WSetMod:u16 WSet:s32:WSet_SF WSetRvrt:s32:WSet_SF WSetPct:s16:WSetPct_SF "
        "WSetPctRvrt:s16:WSetPct_SF WSetEnaRvrt:u16 WSetRvrtTms:u32 WSetRvrtRem:u32 VarSetEna:u16 VarSetMod:u16 VarSetPri:u16 "
        "VarSet:s32:VarSet_SF VarSetRvrt:s32:VarSet_SF VarSetPct:s16:VarSetPct_SF VarSetPctRvrt:s16:VarSetPct_SF VarSetEnaRvrt:u16 "
        "VarSetRvrtTms:u32 VarSetRvrtRem:u32 WRmp:u16 WRmpRef:u16 VarRmp:u16 AntiIslEna:u16 PF_SF:sf WMaxLimPct_SF:sf WSet_SF:sf "
        "WSetPct_SF:sf VarSet_SF:sf VarSetPct_SF:sf PFWInj*1(PF:u16:PF_SF Ext:u16) PFWInjRvrt*1(PF:u16:PF_SF Ext:u16) "
        "PFWAbs*1(PF:u16:PF_SF Ext:u16) PFWAbsRvrt*1(PF:u16:PF_SF Ext:u16)"
    ),
    705: (
        "Ena:u16 AdptCrvReq:u16 AdptCrvRslt:u16 NPt:u16 NCrv:u16 RvrtTms:u32 RvrtRem:u32 RvrtCrv:u16 V_SF:sf DeptRef_SF:sf RspTms_SF:sf "
        "Crv*NCrv(ActPt:u16 DeptRef:u16 Pri:u16 VRef:u16:V_SF VRefAuto:u16:V_SF VRefAutoEna:u16 VRefAutoTms:u16 RspTms:u32:RspTms_SF "
        "ReadOnly:u16 Pt*NPt(V:u16:V_SF Var:s16:DeptRef_SF))"
    ),
    706: (
        "Ena:u16 AdptCrvReq:u16 AdptCrvRslt:u16 NPt:u16 NCrv:u16 RvrtTms:u32 RvrtRem:u32 RvrtCrv:u16 V_SF:sf DeptRef_SF:sf RspTms_SF:sf "
        "Crv*NCrv(ActPt:u16 DeptRef:u16 RspTms:u32:RspTms_SF ReadOnly:u16 Pt*NPt(V:u16:V_SF W:s16:DeptRef_SF))"
    ),
    708: (
        "Ena:u16 AdptCrvReq:u16 AdptCrvRslt:u16 NPt:u16 NCrvSet:u16 V_SF:sf Tms_SF:sf Crv*NCrvSet(ReadOnly:u16 MustTrip*1(ActPt:u16 "
        "Pt*NPt(V:u16:V_SF Tms:u32:Tms_SF)) MayTrip*1(ActPt:u16 Pt*NPt(V:u16:V_SF Tms:u32:Tms_SF)) MomCess*1(ActPt:u16 Pt*NPt(V:u16:V_SF "
        "Tms:u32:Tms_SF)))"
    ),
    710: (
        "Ena:u16 AdptCrvReq:u16 AdptCrvRslt:u16 NPt:u16 NCrvSet:u16 Hz_SF:sf Tms_SF:sf Crv*NCrvSet(ReadOnly:u16 MustTrip*1(ActPt:u16 "
        "Pt*NPt(Hz:u32:Hz_SF Tms:u32:Tms_SF)) MayTrip*1(ActPt:u16 Pt*NPt(Hz:u32:Hz_SF Tms:u32:Tms_SF)) MomCess*1(ActPt:u16 "
        "Pt*NPt(Hz:u32:Hz_SF Tms:u32:Tms_SF)))"
    ),
    711: (
        "Ena:u16 AdptCtlReq:u16 AdptCtlRslt:u16 NCtl:u16 RvrtTms:u32 RvrtRem:u32 RvrtCtl:u16 Db_SF:sf K_SF:sf RspTms_SF:sf "
        "Ctl*NCtl(DbOf:u32:Db_SF DbUf:u32:Db_SF KOf:u16:K_SF KUf:u16:K_SF RspTms:u32:RspTms_SF PMin:s16 ReadOnly:u16)"
    ),
    712: (
        "Ena:u16 AdptCrvReq:u16 AdptCrvRslt:u16 NPt:u16 NCrv:u16 RvrtTms:u32 RvrtRem:u32 RvrtCrv:u16 W_SF:sf DeptRef_SF:sf "
        "Crv*NCrv(ActPt:u16 DeptRef:u16 Pri:u16 ReadOnly:u16 Pt*NPt(W:s16:W_SF Var:s16:DeptRef_SF))"
    ),
    713: "WHRtg:u16:WH_SF WHAvail:u16:WH_SF SoC:u16:Pct_SF SoH:u16:Pct_SF Sta:u16 WH_SF:sf Pct_SF:sf",
    714: (
        "PrtAlrms:u32 NPrt:u16 DCA:s16:DCA_SF DCW:s16:DCW_SF DCWhInj:u64:DCWH_SF DCWhAbs:u64:DCWH_SF DCA_SF:sf DCV_SF:sf DCW_SF:sf "
        "DCWH_SF:sf Tmp_SF:sf Prt*NPrt(PrtTyp:u16 ID:u16 IDStr:t8 DCA:s16:DCA_SF DCV:u16:DCV_SF DCW:s16:DCW_SF DCWhInj:u64:DCWH_SF "
        "DCWhAbs:u64:DCWH_SF Tmp:s16:Tmp_SF DCSta:u16 DCAlrm:u32)"
    ),
    802: (
        "AHRtg:u16:AHRtg_SF WHRtg:u16:WHRtg_SF WChaRteMax:u16:WChaDisChaMax_SF WDisChaRteMax:u16:WChaDisChaMax_SF "
        "DisChaRte:u16:DisChaRte_SF SoCMax:u16:SoC_SF SoCMin:u16:SoC_SF SocRsvMax:u16:SoC_SF SoCRsvMin:u16:SoC_SF SoC:u16:SoC_SF "
        "DoD:u16:DoD_SF SoH:u16:SoH_SF NCyc:u32 ChaSt:u16 LocRemCtl:u16 Hb:u16 CtrlHb:u16 AlmRst:u16 Typ:u16 State:u16 StateVnd:u16 "
        "WarrDt:u32 Evt1:u32 Evt2:u32 EvtVnd1:u32 EvtVnd2:u32 V:u16:V_SF VMax:u16:V_SF VMin:u16:V_SF CellVMax:u16:CellV_SF "
        "CellVMaxStr:u16 CellVMaxMod:u16 CellVMin:u16:CellV_SF CellVMinStr:u16 CellVMinMod:u16 CellVAvg:u16:CellV_SF A:s16:A_SF "
        "AChaMax:u16:AMax_SF ADisChaMax:u16:AMax_SF W:s16:W_SF ReqInvState:u16 ReqW:s16:W_SF SetOp:u16 SetInvState:u16 AHRtg_SF:sf "
        "WHRtg_SF:sf WChaDisChaMax_SF:sf DisChaRte_SF:sf SoC_SF:sf DoD_SF:sf SoH_SF:sf V_SF:sf CellV_SF:sf A_SF:sf AMax_SF:sf W_SF:sf"
    ),
}
