// Package tenancy makes namespaces that data teams can be given, and what all
// of them share.
//
//	platform := &tenancy.Platform{Storage: []tenancy.StorageClass{{Name: "scratch", Disks: tenancy.EBS{}}}}
//	sales := &tenancy.Tenant{
//		Name:     "sales",
//		Quota:    tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
//		Access:   tenancy.Access{Submitter: tenancy.Team{Groups: []string{"sales-data"}}},
//		Network:  tenancy.Network{Brokers: []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")}},
//		Platform: platform,
//	}
//	job.Namespace, job.Driver.ServiceAccount = sales.Name, sales.DriverAccount()
//	bundle, err := millrace.Build(platform, sales, job)
//
// A Tenant is one Namespace with Pod Security labels, a ResourceQuota and a
// LimitRange that agree with each other, ServiceAccounts with Roles and
// RoleBindings for Spark's drivers and executors, workflows, submitters and
// readers, NetworkPolicies, and its queue: a LocalQueue of Kueue
// (kueue.x-k8s.io/v1beta2), annotations for YuniKorn, or a Queue of Volcano
// (scheduling.volcano.sh/v1beta1).
//
// A Platform is what belongs to the whole cluster, and two tenants would make
// twice: PriorityClasses, StorageClasses, and the ClusterQueues and
// ResourceFlavors of Kueue.
//
// # Zero values
//
// A field's zero value is safe in production: the level restricted, no way in
// or out of the network but what Spark, workflows and object stores need, no
// claims, no load balancers, no rights but those of the job at hand. How much a
// team may use has no safe zero, and must be set or left out in words.
//
// The Spark operator must be told to look at the namespace (its chart's
// spark.jobNamespaces), and so must Argo's controller unless it looks at all.
//
// docs/tenancy.md is the guide: what is rendered and why, who may do what, who
// reaches whom, how large a quota must be.
//
// # Files
//
//	tenant.go, tenant_build.go      the noun, its namespace, and Build
//	quota.go, quota_build.go        what it may use
//	limits_build.go                 what one container and one claim may
//	quota_for.go                    what pods need of a quota
//	access.go, access_*.go          who may do what with the API
//	network.go, network_*.go        whom the pods talk to
//	queue.go, queue_kueue.go,
//	queue_others.go                 where jobs wait
//	platform.go, platform_build.go  what tenants share
//	platform_queues.go              … of Kueue
//	storage.go                      whose disks a storage class has
//	rules.go, rules_*.go            rules for what others wrote
//	defaults.go                     what zero means, and why
package tenancy
