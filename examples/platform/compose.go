package main

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/tenancy"
)

const team = "sales"

// platform is one tenant with its pools and jobs.
type platform struct {
	shared                   *tenancy.Platform
	tenant                   *tenancy.Tenant
	drivers, executors, spot *nodepool.Pool
	orders, clicks           *spark.Job
}

func (p platform) builders() []millrace.Builder {
	return []millrace.Builder{p.shared, p.tenant, p.drivers, p.executors, p.spot, p.orders, p.clicks}
}

func compose(c cloud) platform {
	p := platform{
		shared:    &tenancy.Platform{Storage: []tenancy.StorageClass{{Name: "scratch", Disks: c.disks}}},
		drivers:   c.pool("spark-drivers", c.small, 0, 10),
		executors: c.pool("spark-executors", c.large, 400*millrace.GiB, 20),
		spot:      c.pool("spark-spot", c.large, 400*millrace.GiB, 20),
	}
	p.spot.Capacity, p.spot.OtherMachines = nodepool.Spot, c.more
	p.tenant = &tenancy.Tenant{
		Name:     team,
		Quota:    tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Access:   tenancy.Access{Submitter: tenancy.Team{Groups: []string{"sales-data"}}},
		Network:  tenancy.Network{Identity: c.identity, Brokers: []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")}},
		Platform: p.shared,
	}
	// The orders of a day can't be late; clicks are counted again if need be.
	p.orders = p.job("orders", c, p.executors)
	p.clicks = p.job("clicks", c, p.spot)
	return p
}

// job is one whose driver is on demand, and whose executors are on the pool.
func (p platform) job(name string, c cloud, executors *nodepool.Pool) *spark.Job {
	return &spark.Job{
		Name: name, Namespace: p.tenant.Name,
		Image: c.registry + "/spark-etl:3.5.1", Version: "3.5.1",
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.etl." + name,
		Driver: spark.Driver{
			Cores: 2, Memory: 4 * millrace.GiB, Placement: p.drivers.Placement(),
			ServiceAccount: p.tenant.DriverAccount(), PriorityClass: p.tenant.DriverPriority(),
		},
		Executor: spark.Executor{
			Cores: 4, CoreRequest: "3800m", Memory: 24 * millrace.GiB, Instances: 8,
			Placement: executors.Placement(), ServiceAccount: p.tenant.ExecutorAccount(), PriorityClass: p.tenant.ExecutorPriority(),
		},
		Observe: spark.Observe{EventLog: spark.EventLog{Dir: c.events}},
	}
}
