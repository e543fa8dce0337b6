package machine

// azureFamilies are the machine types by their family, features and version,
// with a star in the number's place: how much memory there is for each CPU, in
// GiB, and which sizes exist. What isn't in this table has no size that is known
// here, such as what has accelerators.
// Source: https://learn.microsoft.com/azure/virtual-machines/sizes (2026); the tests
// hold those of versions up to 5 to Azure's list of resource SKUs.
var azureFamilies = map[string]azureFamily{
	"A*":         {sizes: "0:1=0.75 1:1=1.75 2:2=3.5 3:4=7 4:8=14 5:2=14 6:4=28 7:8=56"},
	"A*_v2":      {gib: 2, sizes: "1 2 4 8"},
	"A*m_v2":     {gib: 8, sizes: "2 4 8"},
	"B*ls_v2":    {gib: 2, sizes: "2 4 8 16 32"},
	"B*als_v2":   {gib: 2, sizes: "2 4 8 16 32"},
	"B*s_v2":     {gib: 4, sizes: "2 4 8 16 32"},
	"B*as_v2":    {gib: 4, sizes: "2 4 8 16 32"},
	"B*pls_v2":   {gib: 2, sizes: "2 4 8 16"},
	"B*ps_v2":    {gib: 4, sizes: "2 4 8 16"},
	"B*ts_v2":    {sizes: "2=1"},
	"B*ats_v2":   {sizes: "2=1"},
	"B*pts_v2":   {sizes: "2=1"},
	"B*s":        {sizes: "1=1 2=4"},
	"B*ls":       {sizes: "1=0.5"},
	"B*ms":       {gib: 4, sizes: "1=2 2 4 8 12 16 20"},
	"D*":         {sizes: azureSizesD},
	"DS*":        {sizes: azureSizesD, active: 1},
	"D*_v2":      {sizes: azureSizesDv2},
	"DS*_v2":     {sizes: azureSizesDv2, active: 1},
	"D*i_v2":     {sizes: "15:20=140"},
	"DS*i_v2":    {sizes: "15:20=140"},
	"D*_v3":      {gib: 4, sizes: azureSizes64},
	"D*s_v3":     {gib: 4, sizes: azureSizes64},
	"D*_v4":      {gib: 4, sizes: azureSizes64},
	"D*s_v4":     {gib: 4, sizes: azureSizes64},
	"D*d_v4":     {gib: 4, sizes: azureSizes64},
	"D*ds_v4":    {gib: 4, sizes: azureSizes64},
	"D*a_v4":     {gib: 4, sizes: azureSizes96},
	"D*as_v4":    {gib: 4, sizes: azureSizes96},
	"D*_v5":      {gib: 4, sizes: azureSizes96},
	"D*s_v5":     {gib: 4, sizes: azureSizes96},
	"D*d_v5":     {gib: 4, sizes: azureSizes96},
	"D*ds_v5":    {gib: 4, sizes: azureSizes96},
	"D*as_v5":    {gib: 4, sizes: azureSizes96},
	"D*ads_v5":   {gib: 4, sizes: azureSizes96},
	"D*ls_v5":    {gib: 2, sizes: azureSizes96},
	"D*lds_v5":   {gib: 2, sizes: azureSizes96},
	"D*ps_v5":    {gib: 4, sizes: "2 4 8 16 32 48 64=208"},
	"D*pds_v5":   {gib: 4, sizes: "2 4 8 16 32 48 64=208"},
	"D*pls_v5":   {gib: 2, sizes: azureSizes64},
	"D*plds_v5":  {gib: 2, sizes: azureSizes64},
	"D*as_v6":    {gib: 4, sizes: azureSizes96},
	"D*ads_v6":   {gib: 4, sizes: azureSizes96, disks: azureDisksV6},
	"D*als_v6":   {gib: 2, sizes: azureSizes96},
	"D*alds_v6":  {gib: 2, sizes: azureSizes96, disks: azureDisksV6},
	"D*s_v6":     {gib: 4, sizes: azureSizes128},
	"D*ds_v6":    {gib: 4, sizes: azureSizes128, disks: azureDisksV6},
	"D*ls_v6":    {gib: 2, sizes: azureSizes128},
	"D*lds_v6":   {gib: 2, sizes: azureSizes128, disks: azureDisksV6},
	"D*ps_v6":    {gib: 4, sizes: azureSizes96},
	"D*pds_v6":   {gib: 4, sizes: azureSizes96, disks: azureDisksV6},
	"D*pls_v6":   {gib: 2, sizes: azureSizes96},
	"D*plds_v6":  {gib: 2, sizes: azureSizes96, disks: azureDisksV6},
	"D*as_v7":    {gib: 4, sizes: "2 4 8 16 32 48 64 96 128 160"},
	"D*ads_v7":   {gib: 4, sizes: "2 4 8 16 32 48 64 96 128 160", disks: azureDisksV6},
	"DC*s":       {gib: 4, sizes: "2 4"},
	"DC*s_v2":    {gib: 4, sizes: "1 2 4"},
	"DC*_v2":     {gib: 4, sizes: "8"},
	"DC*s_v3":    {gib: 8, sizes: "1 2 4 8 16 24 32 48"},
	"DC*ds_v3":   {gib: 8, sizes: "1 2 4 8 16 24 32 48"},
	"DC*as_v5":   {gib: 4, sizes: azureSizes96},
	"DC*ads_v5":  {gib: 4, sizes: azureSizes96},
	"DC*es_v5":   {gib: 4, sizes: azureSizes96},
	"EC*as_v5":   {gib: 8, sizes: azureSizesEC},
	"EC*ads_v5":  {gib: 8, sizes: azureSizesEC},
	"EC*ias_v5":  {sizes: "96=672"},
	"EC*iads_v5": {sizes: "96=672"},
	"E*_v3":      {gib: 8, sizes: azureSizesE48 + " 64=432"},
	"E*s_v3":     {gib: 8, sizes: azureSizesE48 + " 64=432", active: 2},
	"E*i_v3":     {sizes: "64=432"},
	"E*is_v3":    {sizes: "64=432"},
	"E*_v4":      {gib: 8, sizes: azureSizesE48 + " 64=504"},
	"E*d_v4":     {gib: 8, sizes: azureSizesE48 + " 64=504"},
	"E*s_v4":     {gib: 8, sizes: azureSizesE48 + " 64=504", active: 2},
	"E*ds_v4":    {gib: 8, sizes: azureSizesE48 + " 64=504", active: 2},
	"E*is_v4":    {sizes: "80=504"},
	"E*ids_v4":   {sizes: "80=504"},
	"E*a_v4":     {gib: 8, sizes: azureSizesE96},
	"E*as_v4":    {gib: 8, sizes: azureSizesE96, active: 2},
	"E*ias_v4":   {sizes: "96=672"},
	"E*_v5":      {gib: 8, sizes: azureSizesE96},
	"E*d_v5":     {gib: 8, sizes: azureSizesE96},
	"E*s_v5":     {gib: 8, sizes: azureSizesE96, active: 2},
	"E*ds_v5":    {gib: 8, sizes: azureSizesE96, active: 2},
	"E*as_v5":    {gib: 8, sizes: azureSizesE96, active: 2},
	"E*ads_v5":   {gib: 8, sizes: azureSizesE96, active: 2},
	"E*i_v5":     {sizes: "104=672"},
	"E*id_v5":    {sizes: "104=672"},
	"E*is_v5":    {sizes: "104=672"},
	"E*ids_v5":   {sizes: "104=672"},
	"E*bs_v5":    {gib: 8, sizes: "2 4 8 16 32 48 64 96=672"},
	"E*bds_v5":   {gib: 8, sizes: "2 4 8 16 32 48 64 96=672"},
	"E*ibs_v5":   {sizes: "112=672"},
	"E*ibds_v5":  {sizes: "112=672"},
	"E*ias_v5":   {sizes: "96=672 112=672"},
	"E*iads_v5":  {sizes: "96=672 112=672"},
	"E*ps_v5":    {gib: 8, sizes: "2 4 8 16 20 32=208"},
	"E*pds_v5":   {gib: 8, sizes: "2 4 8 16 20 32=208"},
	"E*as_v6":    {gib: 8, sizes: azureSizesE96},
	"E*ads_v6":   {gib: 8, sizes: azureSizesE96, disks: azureDisksV6},
	"E*s_v6":     {gib: 8, sizes: azureSizesE48 + " 64 96 128", active: 2},
	"E*ds_v6":    {gib: 8, sizes: azureSizesE48 + " 64 96 128", active: 2, disks: azureDisksV6},
	"E*is_v6":    {sizes: "192=1832"},
	"E*ids_v6":   {sizes: "192=1832", disks: azureDisksV6},
	"E*ps_v6":    {gib: 8, sizes: "2 4 8 16 32 48 64 96=672"},
	"E*pds_v6":   {gib: 8, sizes: "2 4 8 16 32 48 64 96=672", disks: azureDisksV6},
	"E*as_v7":    {gib: 8, sizes: "2 4 8 16 32 48 64 96 128 160", active: 2},
	"E*ads_v7":   {gib: 8, sizes: "2 4 8 16 32 48 64 96 128 160", active: 2, disks: azureDisksV6},
	"F*":         {gib: 2, sizes: "1 2 4 8 16"},
	"F*s":        {gib: 2, sizes: "1 2 4 8 16"},
	"F*s_v2":     {gib: 2, sizes: "2 4 8 16 32 48 64 72"},
	"F*als_v6":   {gib: 2, sizes: azureSizes64},
	"F*as_v6":    {gib: 4, sizes: azureSizes64},
	"F*ams_v6":   {gib: 8, sizes: azureSizes64},
	"FX*mds":     {gib: 21, sizes: "4 12 24 36 48"},
	"G*":         {sizes: azureSizesG},
	"GS*":        {sizes: azureSizesG, active: 4},
	"H*":         {gib: 7, sizes: "8 16"},
	"H*r":        {gib: 7, sizes: "8 16"},
	"H*m":        {gib: 14, sizes: "8 16"},
	"H*mr":       {gib: 14, sizes: "8 16"},
	"L*s":        {gib: 8, sizes: "4 8 16 32"},
	"L*s_v2":     {gib: 8, sizes: "8 16 32 48 64 80", disks: "8:1x1920 16:2x1920 32:4x1920 48:6x1920 64:8x1920 80:10x1920", decimal: true},
	"L*s_v3":     {gib: 8, sizes: "8 16 32 48 64 80", disks: "8:1x1920 16:2x1920 32:4x1920 48:6x1920 64:8x1920 80:10x1920", decimal: true},
	"L*as_v3":    {gib: 8, sizes: "8 16 32 48 64 80", disks: "8:1x1920 16:2x1920 32:4x1920 48:6x1920 64:8x1920 80:10x1920", decimal: true},
	"L*s_v4":     {gib: 8, sizes: "2 4 8 16 32 48 64 80 96", disks: "2:1x480 4:2x480 8:4x480 16:4x960 32:8x960 48:6x1920 64:8x1920 80:10x1920 96:12x1920", decimal: true},
	"L*as_v4":    {gib: 8, sizes: "2 4 8 16 32 48 64 80 96", disks: "2:1x480 4:2x480 8:4x480 16:4x960 32:8x960 48:6x1920 64:8x1920 80:10x1920 96:12x1920", decimal: true},
	"L*aos_v4":   {gib: 8, sizes: "2 4 8 12 16 24 32", disks: "2:3x480 4:3x960 8:6x960 12:9x960 16:6x1920 24:9x1920 32:12x1920", decimal: true},
	"M*ls":       {gib: 8, sizes: "32 64"},
	"M*ts":       {gib: 6, sizes: "32"},
	"M*s":        {gib: 16, sizes: "64 128"},
	"M*":         {gib: 16, sizes: "64 128"},
	"M*ms":       {sizes: "8=218.75 16=437.5 32=875 64=1792 128=3892", active: 2},
	"M*m":        {sizes: "64=1792 128=3892"},
	"M*dms_v2":   {sizes: "32=875 64=1792 128=3892"},
	"M*ms_v2":    {active: 208, sizes: "32=875 64=1792 128=3892 208=5700 416=11400"},
	"M*ds_v2":    {gib: 16, sizes: "64 128"},
	"M*s_v2":     {active: 208, sizes: "64=1024 128=2048 208=2850 416=5700"},
	"M*ims_v2":   {sizes: "192=4096"},
	"M*idms_v2":  {sizes: "192=4096"},
	"M*is_v2":    {sizes: "192=2048"},
	"M*ids_v2":   {sizes: "192=2048"},
	"M*s_v3":     {gib: 20, sizes: "12 24"},
	"M*ds_v3":    {gib: 20, sizes: "12 24"},
}

// azureFamily is one family of machines.
type azureFamily struct {
	gib int64
	// sizes are the numbers in the names: "2", "64=504" for one that doesn't
	// have the memory that its CPUs tell, "3:4=14" for one whose number
	// isn't that of its CPUs.
	sizes string
	// active is the smallest number of active CPUs of the sizes of which a half
	// or a quarter of the CPUs are active; zero where there are none.
	active int64
	// disks are the local NVMe disks, in GiB or, decimal, in gigabytes.
	disks   diskLayout
	decimal bool
}

// The sizes that many families have.
const (
	azureSizes64  = "2 4 8 16 32 48 64"
	azureSizes96  = "2 4 8 16 32 48 64 96"
	azureSizes128 = "2 4 8 16 32 48 64 96 128"
	azureSizesE48 = "2 4 8 16 20 32 48"
	azureSizesE96 = "2 4 8 16 20 32 48 64 96=672"
	azureSizesEC  = "2 4 8 16 20 32=192 48 64 96=672"
	azureSizesD   = "1:1=3.5 2:2=7 3:4=14 4:8=28 11:2=14 12:4=28 13:8=56 14:16=112"
	azureSizesDv2 = azureSizesD + " 5:16=56 15:20=140"
	azureSizesG   = "1:2=28 2:4=56 3:8=112 4:16=224 5:32=448"
)

// azureDisksV6 are the local disks of most families from version 6 on.
const azureDisksV6 = "2:1x110 4:1x220 8:1x440 16:2x440 20:2x550 32:4x440 48:6x440 64:4x880 96:6x880 128:4x1760 160:4x2200 192:6x1760"
