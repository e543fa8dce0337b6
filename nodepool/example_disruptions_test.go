package nodepool_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// A schedule restricts while it is open, and permits nothing. Whoever writes
// budgets for working hours only leaves the nights without any limit.
func ExampleDisruptionsOf() {
	pool := &karpenterv1.NodePool{}
	pool.Name = "spark"
	pool.Spec.Replicas = new(int64(40))
	pool.Spec.Disruption = &karpenterv1.Disruption{Budgets: []karpenterv1.Budget{
		{Nodes: "10%", Schedule: new("0 6 * * mon-fri"), Duration: new("12h")},
		{Nodes: "0", Schedule: new("0 6 1 * *"), Duration: new("24h")},
	}}
	d, err := nodepool.DisruptionsOf(pool, time.Date(2026, time.September, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(d)
	// Output:
	// NodePool spark, week of Monday, 28 September 2026, UTC
	// nodes that may be disrupted at once, of 40
	//
	// Drifted
	//       00  01  02  03  04  05  06  07  08  09  10  11  12  13  14  15  16  17  18  19  20  21  22  23
	// Mon  ALL ALL ALL ALL ALL ALL   4   4   4   4   4   4   4   4   4   4   4   4 ALL ALL ALL ALL ALL ALL
	// Tue  ALL ALL ALL ALL ALL ALL   4   4   4   4   4   4   4   4   4   4   4   4 ALL ALL ALL ALL ALL ALL
	// Wed  ALL ALL ALL ALL ALL ALL   4   4   4   4   4   4   4   4   4   4   4   4 ALL ALL ALL ALL ALL ALL
	// Thu  ALL ALL ALL ALL ALL ALL   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0   0
	// Fri    0   0   0   0   0   0   4   4   4   4   4   4   4   4   4   4   4   4 ALL ALL ALL ALL ALL ALL
	// Sat  ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL
	// Sun  ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL ALL
	// no limit: Mon 00:00 to Mon 06:00, Mon 18:00 to Tue 06:00, Tue 18:00 to Wed 06:00, Wed 18:00 to Thu 06:00, Fri 18:00 to Sun 24:00
	//
	// Empty, Underutilized: never, whatever the budgets say
}

// Nothing goes at night, and a tenth of the pool's largest size in the day.
func ExamplePool_Disruptions() {
	pool := &nodepool.Pool{Name: "spark", Machine: "r6i.4xlarge", Max: 50,
		Disruption: nodepool.Disruption{Quiet: []nodepool.Window{{Schedule: "0 22 * * *", Duration: 6 * time.Hour}}},
		Provider:   nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}}
	d, err := pool.Disruptions(time.Date(2026, time.September, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range d.Spans[:3] {
		fmt.Printf("%s: %s empty nodes, %s drifted ones\n", s.From.Format("Mon 15:04"), s.Empty, s.Drifted)
	}
	fmt.Println("never:", d.Never)
	// Output:
	// Mon 00:00: 0 empty nodes, 0 drifted ones
	// Mon 04:00: 5 empty nodes, 5 drifted ones
	// Mon 22:00: 0 empty nodes, 0 drifted ones
	// never: [Underutilized]
}

// What the week looks like at one moment, and in one hour at the most.
func ExampleDisruptions_Hours() {
	pool := &karpenterv1.NodePool{}
	pool.Name = "spark"
	pool.Spec.Replicas = new(int64(40))
	pool.Spec.Disruption = &karpenterv1.Disruption{Budgets: []karpenterv1.Budget{
		{Nodes: "10%"},
		{Nodes: "0", Reasons: []karpenterv1.DisruptionReason{karpenterv1.DisruptionReasonDrifted}, Schedule: new("30 6 * * mon-fri"), Duration: new("12h")},
	}}
	d, err := nodepool.DisruptionsOf(pool, time.Date(2026, time.September, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	if now, ok := d.At(time.Date(2026, time.September, 30, 6, 45, 0, 0, time.UTC)); ok {
		fmt.Println("on Wednesday at 06:45:", now.Drifted, "drifted nodes,", now.For(karpenterv1.DisruptionReasonEmpty), "empty ones")
	}
	fmt.Println("on Wednesday from 06:00 to 07:00, at the most:", d.Hours()[2*24+6].Drifted)
	// Output:
	// on Wednesday at 06:45: 0 drifted nodes, 4 empty ones
	// on Wednesday from 06:00 to 07:00, at the most: 4
}
