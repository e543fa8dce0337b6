package machine

// gcpFamilies are the machine types whose names end in their number of CPUs:
// how much memory there is for how many CPUs, in GiB and rounded down to whole
// ones (not on N1), and which sizes exist. What is in neither this table nor
// gcpIrregular has no size that is known here.
// Source: Compute Engine, the list of machine types (machineTypes.list).
var gcpFamilies = map[string]gcpFamily{
	"c2-standard":  {4, 1, "4 8 16 30 60"},
	"c2d-highcpu":  {2, 1, "2 4 8 16 32 56 112"},
	"c2d-highmem":  {8, 1, "2 4 8 16 32 56 112"},
	"c2d-standard": {4, 1, "2 4 8 16 32 56 112"},
	"c3-highcpu":   {2, 1, "4 8 22 44 88 176 192"},
	"c3-highmem":   {8, 1, "4 8 22 44 88 176 192"},
	"c3-standard":  {4, 1, "4 8 22 44 88 176 192"},
	"c3d-highcpu":  {59, 30, "4 8 16 30 60 90 180 360"},
	"c3d-highmem":  {8, 1, "4 8 16 30 60 90 180 360"},
	"c3d-standard": {4, 1, "4 8 16 30 60 90 180 360"},
	"c4-highcpu":   {2, 1, "2 4 8 16 24 32 48 96 144 192 288"},
	"c4-highmem":   {31, 4, "2 4 8 16 24 32 48 96 144 192 288"},
	"c4-standard":  {15, 4, "2 4 8 16 24 32 48 96 144 192 288"},
	"c4a-highcpu":  {2, 1, "1 2 4 8 16 32 48 64 72"},
	"c4a-highmem":  {8, 1, "1 2 4 8 16 32 48 64 72 96"},
	"c4a-standard": {4, 1, "1 2 4 8 16 32 48 64 72"},
	"c4d-highcpu":  {15, 8, "2 4 8 16 32 48 64 96 192 384"},
	"c4d-highmem":  {63, 8, "2 4 8 16 32 48 64 96 192 384"},
	"c4d-standard": {31, 8, "2 4 8 16 32 48 64 96 192 384"},
	"c4n-highcpu":  {2, 1, "2 4 8 16 24 48 96 192"},
	"c4n-highmem":  {31, 4, "2 4 8 16 24 48 96 192"},
	"c4n-standard": {15, 4, "2 4 8 16 24 48 96 192"},
	"e2-highcpu":   {1, 1, "2 4 8 16 32"},
	"e2-highmem":   {8, 1, "2 4 8 16"},
	"e2-standard":  {4, 1, "2 4 8 16 32"},
	"g2-standard":  {4, 1, "4 8 12 16 24 32 48 96"},
	"g4-standard":  {15, 4, "6 12 24 48 96 192 384"},
	"h3-standard":  {4, 1, "88"},
	"h4d-highmem":  {31, 4, "192"},
	"h4d-standard": {15, 4, "192"},
	"m1-ultramem":  {961, 40, "40 80 160"},
	"m3-megamem":   {61, 4, "64 128"},
	"m3-ultramem":  {61, 2, "32 64 128"},
	"m4-hypermem":  {31, 2, "16 32 64"},
	"m4-megamem":   {93, 7, "28 56 112 224"},
	"m4-ultramem":  {186, 7, "56 112 224"},
	"m4n-hypermem": {31, 2, "16 32 64"},
	"m4n-megamem":  {93, 7, "28 56 112"},
	"m4n-ultramem": {186, 7, "56 112"},
	"n1-highcpu":   {9, 10, "2 4 8 16 32 64 96"},
	"n1-highmem":   {13, 2, "2 4 8 16 32 64 96"},
	"n1-standard":  {15, 4, "1 2 4 8 16 32 64 96"},
	"n1-ultramem":  {961, 40, "40 80 160"},
	"n2-highcpu":   {1, 1, "2 4 8 16 32 48 64 80 96"},
	"n2-highmem":   {8, 1, "2 4 8 16 32 48 64 80 96 128"},
	"n2-standard":  {4, 1, "2 4 8 16 32 48 64 80 96 128"},
	"n2d-highcpu":  {1, 1, "2 4 8 16 32 48 64 80 96 128 224"},
	"n2d-highmem":  {8, 1, "2 4 8 16 32 48 64 80 96"},
	"n2d-standard": {4, 1, "2 4 8 16 32 48 64 80 96 128 224"},
	"n4-highcpu":   {2, 1, "2 4 8 16 32 48 64 80"},
	"n4-highmem":   {8, 1, "2 4 8 16 32 48 64 80"},
	"n4-standard":  {4, 1, "2 4 8 16 32 48 64 80"},
	"n4a-highcpu":  {2, 1, "1 2 4 8 16 32 48 64"},
	"n4a-highmem":  {8, 1, "1 2 4 8 16 32 48 64"},
	"n4a-standard": {4, 1, "1 2 4 8 16 32 48 64"},
	"n4d-highcpu":  {2, 1, "2 4 8 16 32 48 64 80 96"},
	"n4d-highmem":  {8, 1, "2 4 8 16 32 48 64 80 96"},
	"n4d-standard": {4, 1, "2 4 8 16 32 48 64 80 96"},
	"t2a-standard": {4, 1, "1 2 4 8 16 32 48"},
	"t2d-standard": {4, 1, "1 2 4 8 16 32 48 60"},
	"z3-highmem":   {8, 1, "8 14 16 22 32 44 88 176 192"},
}

// gcpFamily is one series and class of machines.
type gcpFamily struct {
	gib, cpus int64
	sizes     string
}

// gcpIrregular are the machine types that don't have what their family's other
// names tell. Those with accelerators are in neither table.
var gcpIrregular = map[string]gcpSize{
	"c3-highcpu-192-metal":   {cpus: 192, mib: 512 << 10},
	"c3d-highcpu-4":          {cpus: 4, mib: 8 << 10},
	"c3d-highcpu-8":          {cpus: 8, mib: 16 << 10},
	"c3d-highcpu-16":         {cpus: 16, mib: 32 << 10},
	"c4d-highcpu-384-metal":  {cpus: 384, mib: 768 << 10},
	"c4d-highmem-384-metal":  {cpus: 384, mib: 3072 << 10},
	"c4d-standard-384-metal": {cpus: 384, mib: 1536 << 10},
	"e2-medium":              {cpus: 2, mib: 4 << 10, shared: true},
	"e2-micro":               {cpus: 2, mib: 1 << 10, shared: true},
	"e2-small":               {cpus: 2, mib: 2 << 10, shared: true},
	"m2-hypermem-416":        {cpus: 416, mib: 8832 << 10},
	"m2-megamem-416":         {cpus: 416, mib: 5888 << 10},
	"m2-ultramem-208":        {cpus: 208, mib: 5888 << 10},
	"m2-ultramem-416":        {cpus: 416, mib: 11776 << 10},
	"n2-highmem-128":         {cpus: 128, mib: 864 << 10},
}
