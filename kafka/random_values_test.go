package kafka_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// oddTexts are what people write, and what nobody should.
var oddTexts = []string{
	"", "a", "b", "orders", "orders.*", "*", "events", "A_b", "9", "-1", "0", "1.5", "true", "null", "a b", " a", "a\nb", "a\x00b", "\xff\xfe", "é", "${a:b}",
	"1Gi", "100Gi", "2g", "500m", "5s", "1e6", "7 days", "/mnt/a", "/etc", "/mnt/../etc", "a:9092", "a:9092,b:9093", ":", "a:", "https://a.com/x.jar", "https://a.com/x.tar.gz", "ftp://x", "http://%zz",
	"10.0.0.0/8", "10.0.0.1", "::1", "topology.kubernetes.io/zone", "a.example.com", "broker-{nodeId}.example.com", "9000 + {nodeId}", "User:CN=admin", "CN=admin", "[0]", "[", "(", "a|b",
	"4.3.1", "3.7.0", "4.3-IV0", "delete", "compact", "lz4", "full", "INFO", "* * 0-1 ? * SUN", "0 0 0 ? * SUN", "@daily", "jbod", "persistent-claim", "image:1.2@sha256:0", "registry.company.com/a:1.0",
	strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a.", 140), strings.Repeat("x", 3000),
}

// oddKeys are the keys of maps: settings, labels and nonsense.
var oddKeys = []string{
	"", "a", "a.b", "strimzi.io/cluster", "company.com/team", "a b", "\xff", "retention.ms", "min.insync.replicas", "default.replication.factor", "log.retention.ms", "broker.id", "ssl.protocol", "sasl.mechanism",
	"group.id", "key.converter", "bootstrap.servers", "auto.offset.reset", "acks", "topic", "lagThreshold", "tasks.max", "name", "topics", "rootLogger.level", "replication.factor", "goals", "UseZGC", strings.Repeat("k", 300),
}

// choices are the values of the fields that are one of a few, by type.
var choices = map[reflect.Type][]any{
	reflect.TypeFor[kafka.Authentication]():        {kafka.MutualTLS, kafka.SCRAM, kafka.ExternalTLS, kafka.NoCredentials},
	reflect.TypeFor[kafka.ListenerType]():          {kafka.Internal, kafka.LoadBalancer, kafka.NodePort, kafka.Route, kafka.TLSRoute, kafka.Ingress, kafka.ClusterIP},
	reflect.TypeFor[kafka.Cleanup]():               {kafka.Delete, kafka.Compact, kafka.CompactDelete},
	reflect.TypeFor[kafka.Compression]():           {kafka.LZ4, kafka.ZSTD, kafka.Snappy, kafka.GZIP, kafka.Uncompressed, kafka.ProducerCompression},
	reflect.TypeFor[kafka.TimestampType]():         {kafka.CreateTime, kafka.LogAppendTime},
	reflect.TypeFor[kafka.ConnectorState]():        {kafka.ConnectorRunning, kafka.ConnectorPaused, kafka.ConnectorStopped},
	reflect.TypeFor[kafka.Expiration]():            {kafka.RenewCertificate, kafka.ReplaceKey},
	reflect.TypeFor[kafka.Goal]():                  {kafka.RackAwareGoal, kafka.DiskCapacityGoal, kafka.ReplicaCapacityGoal, kafka.CPUCapacityGoal, kafka.ReplicaDistributionGoal},
	reflect.TypeFor[kafka.Mechanism]():             {kafka.SCRAM512, kafka.SCRAM256, kafka.PlainPassword},
	reflect.TypeFor[kafka.MetricType]():            {kafka.Gauge, kafka.Counter, kafka.Untyped},
	reflect.TypeFor[kafka.MovementStrategy]():      {kafka.BaseMovement, kafka.SmallReplicasFirst},
	reflect.TypeFor[kafka.OffsetReset]():           {kafka.Latest, kafka.Earliest},
	reflect.TypeFor[kafka.Operation]():             {kafka.OpRead, kafka.OpWrite, kafka.OpCreate, kafka.OpDescribe, kafka.OpAll, kafka.OpClusterAction},
	reflect.TypeFor[kafka.RebalanceAction]():       {kafka.Approve, kafka.Refresh, kafka.Stop},
	reflect.TypeFor[kafka.RebalanceMode]():         {kafka.FullRebalance, kafka.AddBrokers, kafka.RemoveBrokers, kafka.RemoveDisks},
	reflect.TypeFor[kafka.Role]():                  {kafka.Broker, kafka.Controller},
	reflect.TypeFor[kafka.ArtifactType]():          {kafka.JAR, kafka.TGZ, kafka.ZIP, kafka.OtherFile},
	reflect.TypeFor[strimziv1.StorageType]():       {strimziv1.StorageTypeJBOD, strimziv1.StorageTypeEphemeral, strimziv1.StorageTypePersistentClaim},
	reflect.TypeFor[strimziv1.StorageVolumeType](): {strimziv1.StorageVolumeTypeEphemeral, strimziv1.StorageVolumeTypePersistentClaim},
	// What an interface may hold; the pointers are of those who take them for one.
	reflect.TypeFor[kafka.Access]():   {kafka.Produce{}, kafka.Consume{}, kafka.Transact{}, kafka.Stream{}, kafka.RunConnect{}, kafka.ACL{}, new(kafka.Produce), (*kafka.Consume)(nil)},
	reflect.TypeFor[kafka.Artifact](): {kafka.Download{}, kafka.Maven{}, new(kafka.Download), (*kafka.Maven)(nil)},
	reflect.TypeFor[kafka.Login]():    {kafka.ClientCertificate{}, kafka.ClientPassword{}, kafka.CustomLogin{}, new(kafka.ClientPassword), (*kafka.CustomLogin)(nil)},
	reflect.TypeFor[kafka.Metrics]():  {kafka.Reporter{}, kafka.JMX{}, kafka.NoMetrics{}, new(kafka.Reporter), (*kafka.JMX)(nil)},
	reflect.TypeFor[kafka.Quotas]():   {kafka.ClientQuotas{}, kafka.BrokerQuotas{}, new(kafka.BrokerQuotas), (*kafka.ClientQuotas)(nil)},
}

// vandal changes single fields of a noun at random.
type vandal struct {
	*rand.Rand
	// foreign says that a type was changed that isn't millrace's own: what the
	// API server makes of those is for the policy to tell.
	foreign bool
}

func foreign(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() != "github.com/millrace/millrace" && t.PkgPath() != "github.com/millrace/millrace/kafka"
}

func (r *vandal) one(in int) bool { return r.IntN(in) == 0 }

// change goes down to one field and gives it another value.
func (r *vandal) change(v reflect.Value) {
	if of := choices[v.Type()]; of != nil && v.Kind() == reflect.String {
		if r.one(8) {
			v.SetString(pick(r.Rand, oddTexts...))
			return
		}
		v.Set(reflect.ValueOf(pick(r.Rand, of...)))
		return
	}
	switch to := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*to = resource.MustParse(pick(r.Rand, "0", "1", "500m", "4Gi", "-1", "1e3"))
		return
	case *intstr.IntOrString:
		*to = intstr.Parse(pick(r.Rand, "0", "25%", "http", "-1"))
		return
	case *metav1.Time:
		return
	case *time.Duration:
		*to = pick(r.Rand, 0, time.Millisecond, time.Second, 90*time.Second, time.Hour, 240*time.Hour, -1, -time.Hour, time.Nanosecond, kafka.Forever, math.MinInt64)
		return
	case *millrace.Bytes:
		*to = pick(r.Rand, 0, 1, millrace.KiB, millrace.MiB, 512*millrace.MiB, millrace.GiB, 4*millrace.GiB, millrace.TiB, -1, -millrace.GiB, 1e6, math.MaxInt64, math.MinInt64)
		return
	case *strimziv1.JSONMap:
		*to = strimziv1.JSONMap{pick(r.Rand, oddKeys...): r.json()}
		return
	}
	r.changeKind(v)
}

// json is a value of a setting in Base.
func (r *vandal) json() any {
	return pick[any](r.Rand, pick(r.Rand, oddTexts...), int64(3), 1.5, true, nil, []any{"a", "b"}, map[string]any{"a": "b"}, 7, []string{"a"}, math.NaN())
}

func (r *vandal) changeKind(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		r.foreign = r.foreign || foreign(v.Type())
		var exported []int
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				exported = append(exported, i)
			}
		}
		if len(exported) > 0 {
			r.change(v.Field(pick(r.Rand, exported...)))
		}
	case reflect.Pointer:
		r.changePointer(v)
	case reflect.Interface:
		r.changeInterface(v)
	case reflect.Slice:
		r.changeSlice(v)
	case reflect.Map:
		r.changeMap(v)
	case reflect.Bool:
		v.SetBool(r.one(2))
	case reflect.String:
		v.SetString(pick(r.Rand, oddTexts...))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(pick[int64](r.Rand, 0, 0, 1, 2, 3, 5, 8, 9093, 9404, 60, -1, 1000, 65536, math.MaxInt32, math.MaxInt32+1, math.MinInt64, math.MaxInt64))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(pick[uint64](r.Rand, 0, 1, 3, 255))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(pick(r.Rand, 0, 0.5, 1, 2.25, 1e-9, 1e30, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64))
	}
}

func (r *vandal) changePointer(v reflect.Value) {
	switch {
	case v.IsNil():
		v.Set(reflect.New(v.Type().Elem()))
		r.foreign = r.foreign || foreign(v.Type().Elem())
		if r.one(4) {
			return // to the zero value
		}
	case r.one(5):
		v.SetZero()
		return
	}
	r.change(v.Elem())
}

func (r *vandal) changeInterface(v reflect.Value) {
	of := choices[v.Type()]
	if of == nil || r.one(8) {
		v.SetZero()
		return
	}
	if v.IsNil() || r.one(4) {
		v.Set(reflect.ValueOf(pick(r.Rand, of...)))
	}
	inner := reflect.New(v.Elem().Type()).Elem()
	inner.Set(v.Elem())
	if inner.Kind() != reflect.Pointer {
		for range 1 + r.IntN(4) {
			r.change(inner)
		}
	}
	v.Set(inner)
}

func (r *vandal) changeSlice(v reflect.Value) {
	item := reflect.New(v.Type().Elem()).Elem()
	switch {
	case v.Len() > 0 && r.one(8):
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case v.Len() > 0 && r.one(6):
		v.Set(reflect.Append(v, v.Index(r.IntN(v.Len())))) // the same once more
	case v.Len() == 0 || r.one(3):
		for range 1 + r.IntN(4) {
			r.change(item)
		}
		v.Set(reflect.Append(v, item))
	default:
		r.change(v.Index(r.IntN(v.Len())))
	}
}

func (r *vandal) changeMap(v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String || v.Len() > 0 && r.one(8) {
		v.Set(reflect.MakeMap(v.Type()))
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	item := reflect.New(v.Type().Elem()).Elem()
	r.change(item)
	v.SetMapIndex(reflect.ValueOf(pick(r.Rand, oddKeys...)).Convert(v.Type().Key()), item)
}
