package spark_test

import (
	"testing"

	"github.com/millrace/millrace/spark"
)

// A time to live counts from an end.
func TestTimeToLive(t *testing.T) {
	for policy, want := range map[spark.RestartPolicy]int64{"": 86400, spark.OnFailure: 86400, spark.Never: 86400, spark.Always: 0} {
		j := minimal()
		j.Lifecycle.Restart = policy
		app, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		got := int64(0)
		if s := app.Spec.TimeToLiveSeconds; s != nil {
			got = *s
		}
		if got != want {
			t.Errorf("%q: %d s, want %d", policy, got, want)
		}
	}
}

func TestSuspended(t *testing.T) {
	j := minimal()
	j.Lifecycle.Suspended = true
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if app.Spec.Suspend == nil || !*app.Spec.Suspend {
		t.Error("spec.suspend isn't set")
	}
	back, err := spark.FromApplication(app)
	if err != nil {
		t.Fatal(err)
	}
	if !back.Lifecycle.Suspended || back.Base.Suspend != nil {
		t.Errorf("read back: suspended %v, Base %v", back.Lifecycle.Suspended, back.Base.Suspend)
	}
}
