package machine

// awsFamilies are the machine types whose sizes say how many CPUs they have:
// how much memory there is for how many CPUs, in GiB, which sizes exist, how
// many addresses their network has, and which local disks they bring. What is in
// neither this table nor awsIrregular has no size that is known here.
// Source: EC2, DescribeInstanceTypes, as recorded in October 2026 in moto 5.2.5,
// moto/ec2/resources/instance_types.json.gz.
var awsFamilies = map[string]awsFamily{
	"a1":       {2, 1, "medium large xlarge 2xlarge 4xlarge metal", awsNet, ""},
	"c3":       {15, 8, "large xlarge 2xlarge 4xlarge 8xlarge", awsNet, ""},
	"c4":       {15, 8, "large xlarge 2xlarge 4xlarge", awsNet, ""},
	"c5":       {2, 1, "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal", awsNet, ""},
	"c5a":      {2, 1, awsSizes5a, awsNet, ""},
	"c5ad":     {2, 1, awsSizes5a, awsNet, "2:1x75 4:1x150 8:1x300 16:2x300 32:2x600 48:2x900 64:2x1200 96:2x1900"},
	"c5d":      {2, 1, "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal", awsNet, "2:1x50 4:1x100 8:1x200 16:1x400 36:1x900 48:2x900 72:2x900 96:4x900"},
	"c5n":      {21, 8, "large xlarge 2xlarge 4xlarge", awsNet, ""},
	"c6a":      {2, 1, awsSizes6a, awsNet, ""},
	"c6g":      {2, 1, awsSizes6g, awsNet, ""},
	"c6gd":     {2, 1, awsSizes6g, awsNet, awsDisks6gd},
	"c6gn":     {2, 1, "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge", awsNet, ""},
	"c6i":      {2, 1, awsSizes6i, awsNet, ""},
	"c6id":     {2, 1, awsSizes6i, awsNet, awsDisks6id},
	"c6in":     {2, 1, awsSizes5a, awsNet, ""},
	"c7a":      {2, 1, awsSizes7a, awsNet, ""},
	"c7g":      {2, 1, awsSizes6g, awsNet, ""},
	"c7gd":     {2, 1, awsSizes6g, awsNet, awsDisks6gd},
	"c7gn":     {2, 1, awsSizes6g, awsNet, ""},
	"c7i":      {2, 1, awsSizes7i, awsNet, ""},
	"c7i-flex": {2, 1, awsSizesFlex, awsNet, ""},
	"c8a":      {2, 1, awsSizes8g, awsNet8a, ""},
	"c8g":      {2, 1, awsSizes8g, awsNet, ""},
	"c8gb":     {2, 1, awsSizes8g, awsNet8gn, ""},
	"c8gd":     {2, 1, awsSizes8g, awsNet, awsDisks8gd},
	"c8gn":     {2, 1, awsSizes8g, awsNet8gn, ""},
	"c8i":      {2, 1, awsSizes8i, awsNet8i, ""},
	"c8i-flex": {2, 1, awsSizesFlex, awsNet8i, ""},
	"c8ib":     {2, 1, awsSizes8i, awsNet8in, ""},
	"c8id":     {2, 1, awsSizes8i, awsNet8i, awsDisks8id},
	"c8in":     {2, 1, awsSizes8i, awsNet8in, ""},
	"c8ine":    {2, 1, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge", awsNet8in, ""},
	"c9g":      {2, 1, awsSizes9g, awsNet9g, ""},
	"c9gd":     {2, 1, awsSizes9g, awsNet9g, awsDisks9gd},
	"d2":       {61, 8, "xlarge 2xlarge 4xlarge", awsNet, ""},
	"f2":       {32, 3, "6xlarge 12xlarge 48xlarge", awsNet, "24:1x940 48:2x940 192:8x940"},
	"g5":       {4, 1, "xlarge 2xlarge 4xlarge 8xlarge 24xlarge", awsNet, "4:1x250 8:1x450 16:1x600 32:1x900 96:1x3800"},
	"g5g":      {2, 1, "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal", awsNet, ""},
	"g6":       {4, 1, "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge", awsNet, "4:1x250 8:1x450 16:1x600 32:2x450 48:4x940 64:2x940 96:4x940 192:8x940"},
	"g6e":      {8, 1, "xlarge 2xlarge 4xlarge 8xlarge 16xlarge", awsNet, "4:1x250 8:1x450 16:1x600 32:2x450 64:2x950"},
	"g6f":      {4, 1, "xlarge 2xlarge 4xlarge", awsNet, "4:1x100 8:1x200 16:1x450"},
	"h1":       {4, 1, "2xlarge 4xlarge 8xlarge", awsNet, ""},
	"i2":       {61, 8, "xlarge 2xlarge 4xlarge 8xlarge", awsNet, ""},
	"i3":       {61, 8, "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge", awsNet, "2:1x475 4:1x950 8:1x1900 16:2x1900 32:4x1900 64:8x1900"},
	"i3en":     {8, 1, "large xlarge 2xlarge 6xlarge 12xlarge 24xlarge metal", awsNet, "2:1x1250 4:1x2500 8:2x2500 24:2x7500 48:4x7500 96:8x7500"},
	"i4g":      {8, 1, "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge", awsNet, "2:1x468 4:1x937 8:1x1875 16:1x3750 32:2x3750 64:4x3750"},
	"i4i":      {8, 1, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 32xlarge metal", awsNet, "2:1x468 4:1x937 8:1x1875 16:1x3750 32:2x3750 48:3x3750 64:4x3750 128:8x3750"},
	"i7i":      {8, 1, awsSizes7i, awsNet, "2:1x468 4:1x937 8:1x1875 16:1x3750 32:2x3750 48:3x3750 64:4x3750 96:6x3750 192:12x3750"},
	"i7ie":     {8, 1, "large xlarge 2xlarge 6xlarge 18xlarge 24xlarge metal-24xl", awsNet, "2:1x1250 4:1x2500 8:2x2500 24:2x7500 72:6x7500 96:8x7500"},
	"i8g":      {8, 1, awsSizes7i, awsNet, "2:1x468 4:1x937 8:1x1875 16:1x3750 32:2x3750 48:3x3750 64:4x3750 96:6x3750 192:12x3750"},
	"i8ge":     {8, 1, "large xlarge 2xlarge 6xlarge 12xlarge 48xlarge metal-48xl", awsNet8gn, "2:1x1250 4:1x2500 8:2x2500 24:2x7500 48:4x7500 192:16x7500"},
	"im4gn":    {4, 1, "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge", awsNet, "2:1x937 4:1x1875 8:1x3750 16:1x7500 32:2x7500 64:4x7500"},
	"inf2":     {4, 1, "xlarge 8xlarge 24xlarge 48xlarge", awsNet, ""},
	"is4gen":   {6, 1, "medium large xlarge 2xlarge 4xlarge 8xlarge", awsNet, "1:1x937 2:1x1875 4:1x3750 8:1x7500 16:2x7500 32:4x7500"},
	"m4":       {4, 1, "xlarge 2xlarge 4xlarge 10xlarge", awsNet, ""},
	"m5":       {4, 1, awsSizes5, awsNet, ""},
	"m5a":      {4, 1, awsSizes5a, awsNet, ""},
	"m5ad":     {4, 1, awsSizes5a, awsNet, awsDisks5d},
	"m5d":      {4, 1, awsSizes5, awsNet, awsDisks5d},
	"m5dn":     {4, 1, awsSizes5, awsNet, awsDisks5d},
	"m5n":      {4, 1, awsSizes5, awsNet, ""},
	"m5zn":     {4, 1, "large xlarge 2xlarge 3xlarge 6xlarge", awsNet, ""},
	"m6a":      {4, 1, awsSizes6a, awsNet, ""},
	"m6g":      {4, 1, awsSizes6g, awsNet, ""},
	"m6gd":     {4, 1, awsSizes6g, awsNet, awsDisks6gd},
	"m6i":      {4, 1, awsSizes6i, awsNet, ""},
	"m6id":     {4, 1, awsSizes6i, awsNet, awsDisks6id},
	"m6idn":    {4, 1, awsSizes5a, awsNet, awsDisks6id},
	"m6in":     {4, 1, awsSizes5a, awsNet, ""},
	"m7a":      {4, 1, awsSizes7a, awsNet, ""},
	"m7g":      {4, 1, awsSizes6g, awsNet, ""},
	"m7gd":     {4, 1, awsSizes6g, awsNet, awsDisks6gd},
	"m7i":      {4, 1, awsSizes7i, awsNet, ""},
	"m7i-flex": {4, 1, awsSizesFlex, awsNet, ""},
	"m8a":      {4, 1, awsSizes8g, awsNet8a, ""},
	"m8g":      {4, 1, awsSizes8g, awsNet, ""},
	"m8gb":     {4, 1, awsSizes8g, awsNet8gn, ""},
	"m8gd":     {4, 1, awsSizes8g, awsNet, awsDisks8gd},
	"m8gn":     {4, 1, awsSizes8g, awsNet8gn, ""},
	"m8i":      {4, 1, awsSizes8i, awsNet8i, ""},
	"m8i-flex": {4, 1, awsSizesFlex, awsNet8i, ""},
	"m8ib":     {4, 1, awsSizes8i, awsNet8in, ""},
	"m8id":     {4, 1, awsSizes8i, awsNet8i, awsDisks8id},
	"m8idb":    {4, 1, awsSizes8i, awsNet8in, awsDisks8id},
	"m8idn":    {4, 1, awsSizes8i, awsNet8in, awsDisks8id},
	"m8in":     {4, 1, awsSizes8i, awsNet8in, ""},
	"m8ine":    {4, 1, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge", awsNet8in, ""},
	"m9g":      {4, 1, awsSizes9g, awsNet9g, ""},
	"m9gd":     {4, 1, awsSizes9g, awsNet9g, awsDisks9gd},
	"r3":       {61, 8, "xlarge 2xlarge 4xlarge 8xlarge", awsNet, ""},
	"r4":       {61, 8, "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge", awsNet, ""},
	"r5":       {8, 1, awsSizes5, awsNet, ""},
	"r5a":      {8, 1, awsSizes5a, awsNet, ""},
	"r5ad":     {8, 1, awsSizes5a, awsNet, awsDisks5d},
	"r5b":      {8, 1, awsSizes5, awsNet, ""},
	"r5d":      {8, 1, awsSizes5, awsNet, awsDisks5d},
	"r5dn":     {8, 1, awsSizes5, awsNet, awsDisks5d},
	"r5n":      {8, 1, awsSizes5, awsNet, ""},
	"r6a":      {8, 1, awsSizes6a, awsNet, ""},
	"r6g":      {8, 1, awsSizes6g, awsNet, ""},
	"r6gd":     {8, 1, awsSizes6g, awsNet, awsDisks6gd},
	"r6i":      {8, 1, awsSizes6i, awsNet, ""},
	"r6id":     {8, 1, awsSizes6i, awsNet, awsDisks6id},
	"r6idn":    {8, 1, awsSizes5a, awsNet, awsDisks6id},
	"r6in":     {8, 1, awsSizes5a, awsNet, ""},
	"r7a":      {8, 1, awsSizes7a, awsNet, ""},
	"r7g":      {8, 1, awsSizes6g, awsNet, ""},
	"r7gd":     {8, 1, awsSizes6g, awsNet, awsDisks6gd},
	"r7i":      {8, 1, awsSizes7i, awsNet, ""},
	"r7iz":     {8, 1, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal-16xl 32xlarge metal-32xl", awsNet, ""},
	"r8a":      {8, 1, awsSizes8g, awsNet8a, ""},
	"r8g":      {8, 1, awsSizes8g, awsNet, ""},
	"r8gb":     {8, 1, awsSizes8g, awsNet8gn, ""},
	"r8gd":     {8, 1, awsSizes8g, awsNet, awsDisks8gd},
	"r8gn":     {8, 1, awsSizes8g, awsNet8gn, ""},
	"r8i":      {8, 1, awsSizes8i, awsNet8i, ""},
	"r8i-flex": {8, 1, awsSizesFlex, awsNet8i, ""},
	"r8ib":     {8, 1, awsSizes8i, awsNet8in, ""},
	"r8id":     {8, 1, awsSizes8i, awsNet8i, awsDisks8id},
	"r8idb":    {8, 1, awsSizes8i, awsNet8in, awsDisks8id},
	"r8idn":    {8, 1, awsSizes8i, awsNet8in, awsDisks8id},
	"r8in":     {8, 1, awsSizes8i, awsNet8in, ""},
	"r9g":      {8, 1, awsSizes9g, awsNet9g, ""},
	"r9gd":     {8, 1, awsSizes9g, awsNet9g, awsDisks9gd},
	"x2gd":     {16, 1, awsSizes6g, awsNet, "1:1x59 2:1x118 4:1x237 8:1x475 16:1x950 32:1x1900 48:2x1425 64:2x1900"},
	"x2idn":    {16, 1, "16xlarge 24xlarge 32xlarge metal", awsNet, "64:1x1900 96:2x1425 128:2x1900"},
	"x2iedn":   {32, 1, "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge metal", awsNet, "4:1x118 8:1x237 16:1x475 32:1x950 64:1x1900 96:2x1425 128:2x1900"},
	"x2iezn":   {32, 1, "2xlarge 4xlarge 6xlarge 8xlarge", awsNet, ""},
	"x8aedz":   {32, 1, "xlarge 3xlarge 24xlarge metal-24xl", awsNet8a, "4:1x316 12:1x950 96:2x3800"},
	"x8g":      {16, 1, awsSizes8g, awsNet, ""},
	"x8i":      {16, 1, "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl 64xlarge 96xlarge metal-96xl", awsNet8i, ""},
	"z1d":      {8, 1, "large xlarge 2xlarge 3xlarge 6xlarge", awsNet, "2:1x75 4:1x150 8:1x300 12:1x450 24:1x900"},
}

// awsFamily is one family of machines.
type awsFamily struct {
	gib, cpus int64
	sizes     string
	network   []awsNetwork
	// disks are the local NVMe disks, in gigabytes.
	disks diskLayout
}

// The sizes that many families have, named for one generation of them.
const (
	awsSizes6g   = "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"
	awsSizes8g   = "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl 48xlarge metal-48xl"
	awsSizes9g   = "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-48xl"
	awsSizesFlex = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"
	awsSizes5a   = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"
	awsSizes5    = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"
	awsSizes6i   = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"
	awsSizes7i   = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl 48xlarge metal-48xl"
	awsSizes6a   = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"
	awsSizes7a   = "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl"
	awsSizes8i   = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl 96xlarge metal-96xl"
)

// The disks that many families have.
const (
	awsDisks5d  = "2:1x75 4:1x150 8:1x300 16:2x300 32:2x600 48:2x900 64:4x600 96:4x900"
	awsDisks6gd = "1:1x59 2:1x118 4:1x237 8:1x474 16:1x950 32:1x1900 48:2x1425 64:2x1900"
	awsDisks6id = "2:1x118 4:1x237 8:1x474 16:1x950 32:1x1900 48:2x1425 64:2x1900 96:4x1425 128:4x1900"
	awsDisks8gd = "1:1x59 2:1x118 4:1x237 8:1x474 16:1x950 32:1x1900 48:3x950 64:2x1900 96:3x1900 192:6x1900"
	awsDisks8id = "2:1x118 4:1x237 8:1x474 16:1x950 32:1x1900 48:1x2850 64:1x3800 96:2x2850 128:2x3800 192:3x3800 384:6x3800"
	awsDisks9gd = "1:1x59 2:1x118 4:1x237 8:1x474 16:1x950 32:1x1900 48:3x950 64:1x3800 96:3x1900 192:3x3800"
)

// awsNetwork is the number of network interfaces of machines up to a number of
// CPUs, and the addresses of each.
type awsNetwork struct{ upTo, interfaces, addresses int64 }

// The networks of the families, named for one generation of them; awsNet is that
// of all up to the seventh, and of Graviton4.
var (
	awsNet    = []awsNetwork{{1, 2, 4}, {2, 3, 10}, {8, 4, 15}, {48, 8, 30}, {unbounded, 15, 50}}
	awsNet8i  = []awsNetwork{{2, 3, 20}, {8, 4, 30}, {16, 8, 50}, {32, 10, 50}, {48, 12, 50}, {96, 16, 64}, {unbounded, 24, 64}}
	awsNet8a  = []awsNetwork{{1, 2, 4}, {2, 3, 20}, {4, 4, 20}, {8, 4, 40}, {16, 8, 40}, {32, 10, 40}, {48, 12, 64}, {96, 16, 64}, {unbounded, 24, 64}}
	awsNet8gn = []awsNetwork{{1, 2, 4}, {2, 3, 10}, {8, 4, 15}, {16, 8, 30}, {32, 10, 30}, {48, 12, 30}, {64, 16, 50}, {96, 24, 50}, {unbounded, 12, 50}}
	awsNet8in = []awsNetwork{{2, 4, 20}, {8, 4, 30}, {32, 8, 50}, {48, 12, 50}, {128, 16, 64}, {192, 24, 64}, {unbounded, 12, 64}}
	awsNet9g  = []awsNetwork{{1, 2, 20}, {2, 3, 20}, {8, 4, 30}, {16, 8, 50}, {32, 10, 50}, {48, 12, 50}, {64, 16, 64}, {unbounded, 24, 64}}
	// awsNetworks are all of them.
	awsNetworks = [][]awsNetwork{awsNet, awsNet8i, awsNet8a, awsNet8gn, awsNet8in, awsNet9g}
)
