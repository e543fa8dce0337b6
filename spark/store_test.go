package spark_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

const s3a = "spark.hadoop.fs.s3a."

func withStores(version string, stores ...spark.Store) *spark.Job {
	j := minimal()
	j.Version, j.Stores = version, stores
	return j
}

// The classes that Hadoop asks are those of the AWS SDK that it comes with.
func TestProvidersByVersion(t *testing.T) {
	const (
		v1  = "com.amazonaws.auth."
		v2  = "software.amazon.awssdk.auth.credentials."
		own = "org.apache.hadoop.fs.s3a."
	)
	for _, tc := range []struct {
		version     string
		credentials spark.AWSCredentials
		want        string
	}{
		{"3.2.4", nil, v1 + "WebIdentityTokenCredentialsProvider"},
		{"3.5.1", spark.WebIdentity{}, v1 + "WebIdentityTokenCredentialsProvider"},
		{"4.0.0", spark.WebIdentity{}, v2 + "WebIdentityTokenFileCredentialsProvider"},
		{"4.1.2", nil, v2 + "WebIdentityTokenFileCredentialsProvider"},
		{"4.0.0", spark.PodIdentity{}, own + "auth.IAMInstanceCredentialsProvider"},
		{"3.5.1", spark.InstanceProfile{}, own + "auth.IAMInstanceCredentialsProvider"},
		{"3.0.3", spark.Anonymous{}, own + "AnonymousAWSCredentialsProvider"},
		{"3.5.1", spark.AccessKeys{Secret: "s3"}, own + "SimpleAWSCredentialsProvider"},
		{"3.5.1", spark.AccessKeys{Secret: "s3", SessionToken: "TOKEN"}, own + "TemporaryAWSCredentialsProvider"},
		{"3.5.1", spark.AssumedRole{ARN: "arn:aws:iam::1:role/x"}, own + "auth.AssumedRoleCredentialProvider"},
		{"3.1.1", spark.CredentialsClass{Name: "com.company.A,com.company.B"}, "com.company.A,com.company.B"},
	} {
		conf, _, _ := built(t, withStores(tc.version, spark.S3A{Credentials: tc.credentials}))
		if got := conf[s3a+"aws.credentials.provider"]; got != tc.want {
			t.Errorf("Spark %s, %T: %s, want %s", tc.version, tc.credentials, got, tc.want)
		}
	}
}

// Keys are in the pods only, and the settings say in which variables.
func TestAccessKeys(t *testing.T) {
	conf, driver, executor := built(t, withStores("3.5.1",
		spark.S3A{Bucket: "other.lake", Credentials: spark.AccessKeys{Secret: "other", ID: "id", SecretKey: "secret", SessionToken: "token"}},
		spark.S3A{Endpoint: "http://minio.storage:9000", PathStyle: true, Credentials: spark.AccessKeys{Secret: "minio"}},
	))
	wantConf(t, conf, map[string]string{
		s3a + "access.key":                          "${env.AWS_ACCESS_KEY_ID}",
		s3a + "secret.key":                          "${env.AWS_SECRET_ACCESS_KEY}",
		s3a + "session.token":                       "",
		s3a + "endpoint":                            "http://minio.storage:9000",
		s3a + "connection.ssl.enabled":              "false",
		s3a + "path.style.access":                   "true",
		s3a + "bucket.other.lake.access.key":        "${env.S3A_OTHER_LAKE_ACCESS_KEY_ID}",
		s3a + "bucket.other.lake.secret.key":        "${env.S3A_OTHER_LAKE_SECRET_ACCESS_KEY}",
		s3a + "bucket.other.lake.session.token":     "${env.S3A_OTHER_LAKE_SESSION_TOKEN}",
		s3a + "bucket.other.lake.path.style.access": "",
	})
	ref := func(name, secret, key string) corev1.EnvVar {
		return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: secret}, Key: key}}}
	}
	want := []corev1.EnvVar{
		ref("S3A_OTHER_LAKE_ACCESS_KEY_ID", "other", "id"), ref("S3A_OTHER_LAKE_SECRET_ACCESS_KEY", "other", "secret"), ref("S3A_OTHER_LAKE_SESSION_TOKEN", "other", "token"),
		ref("AWS_ACCESS_KEY_ID", "minio", "AWS_ACCESS_KEY_ID"), ref("AWS_SECRET_ACCESS_KEY", "minio", "AWS_SECRET_ACCESS_KEY"),
	}
	for role, pod := range map[string]corev1.PodSpec{"driver": driver, "executor": executor} {
		if diff := cmp.Diff(want, pod.Containers[0].Env); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

func TestAssumedRole(t *testing.T) {
	role := spark.AssumedRole{ARN: "arn:aws-cn:iam::1:role/x", From: spark.AccessKeys{Secret: "s3"}, SessionName: "etl", Duration: time.Hour, Region: "cn-north-1"}
	conf, driver, _ := built(t, withStores("4.1.2", spark.S3A{Credentials: role}))
	wantConf(t, conf, map[string]string{
		s3a + "aws.credentials.provider":          "org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider",
		s3a + "assumed.role.arn":                  "arn:aws-cn:iam::1:role/x",
		s3a + "assumed.role.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
		s3a + "assumed.role.session.name":         "etl",
		s3a + "assumed.role.session.duration":     "3600s",
		s3a + "assumed.role.sts.endpoint":         "sts.cn-north-1.amazonaws.com.cn",
		s3a + "assumed.role.sts.endpoint.region":  "cn-north-1",
		s3a + "access.key":                        "${env.AWS_ACCESS_KEY_ID}",
	})
	if env := driver.Containers[0].Env; len(env) != 2 {
		t.Errorf("the keys are not in the driver: %v", env)
	}
}

// Three settings for Hadoop and two for Spark, and never the second algorithm.
func TestMagicCommitter(t *testing.T) {
	conf, _, _ := built(t, withStores("3.5.1", spark.S3A{Bucket: "lake", MagicCommitter: true}))
	wantConf(t, conf, map[string]string{
		s3a + "bucket.lake.committer.name":                             "magic",
		s3a + "bucket.lake.committer.magic.enabled":                    "true",
		"spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a":    "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
		"spark.sql.sources.commitProtocolClass":                        "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
		"spark.sql.parquet.output.committer.class":                     "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
		"spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "",
		"spark.hadoop.mapreduce.outputcommitter.factory.scheme.gs":     "",
	})
	conf, _, _ = built(t, withStores("4.1.2", spark.GCS{ManifestCommitter: true}, spark.ABFS{ManifestCommitter: true}))
	const abfs = "org.apache.hadoop.fs.azurebfs.commit.AzureManifestCommitterFactory"
	wantConf(t, conf, map[string]string{
		"spark.hadoop.mapreduce.outputcommitter.factory.scheme.gs":    "org.apache.hadoop.mapreduce.lib.output.committer.manifest.ManifestCommitterFactory",
		"spark.hadoop.mapreduce.outputcommitter.factory.scheme.abfs":  abfs,
		"spark.hadoop.mapreduce.outputcommitter.factory.scheme.abfss": abfs,
		"spark.sql.sources.commitProtocolClass":                       "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
	})
}

func TestS3Encryption(t *testing.T) {
	for version, names := range map[string][2]string{
		"3.2.4": {"server-side-encryption-algorithm", "server-side-encryption.key"},
		"3.3.4": {"encryption.algorithm", "encryption.key"},
	} {
		conf, _, _ := built(t, withStores(version, spark.S3A{Encryption: spark.S3Encryption{Algorithm: spark.SSEKMS, Key: "arn:aws:kms:x"}}))
		wantConf(t, conf, map[string]string{s3a + names[0]: "SSE-KMS", s3a + names[1]: "arn:aws:kms:x"})
	}
}

// What is on its way to S3 lies on the executors' scratch volumes, unless the
// user says otherwise, in whichever way.
func TestUploadBuffer(t *testing.T) {
	const dir = "${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}"
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want string
	}{
		"default":     {func(*spark.Job) {}, dir},
		"HadoopConf":  {func(j *spark.Job) { j.HadoopConf = map[string]string{"fs.s3a.buffer.dir": "/a"} }, "/a"},
		"Conf":        {func(j *spark.Job) { j.Conf = map[string]string{s3a + "buffer.dir": "/b"} }, "/b"},
		"Base":        {func(j *spark.Job) { j.Base.HadoopConf = map[string]string{"fs.s3a.buffer.dir": "/c"} }, "/c"},
		"no defaults": {func(j *spark.Job) { j.NoDefaults = true }, ""},
		"array":       {func(j *spark.Job) { j.Stores = []spark.Store{spark.S3A{Upload: spark.S3Upload{Buffer: "array"}}} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			j := withStores("3.5.1", spark.S3A{})
			tc.edit(j)
			app, err := j.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			got := app.Spec.HadoopConf["fs.s3a.buffer.dir"]
			if conf, ok := app.Spec.SparkConf[s3a+"buffer.dir"]; ok && got == "" {
				got = conf
			}
			if got != tc.want {
				t.Errorf("the buffer is in %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGoogleKeyFile(t *testing.T) {
	conf, driver, executor := built(t, withStores("3.5.1", spark.GCS{Credentials: spark.KeyFile{Secret: "gcs"}}))
	wantConf(t, conf, map[string]string{
		"spark.hadoop.fs.gs.auth.type":                         "SERVICE_ACCOUNT_JSON_KEYFILE",
		"spark.hadoop.fs.gs.auth.service.account.json.keyfile": "/etc/gcs-key/key.json",
		"spark.hadoop.fs.gs.impl":                              "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
		"spark.hadoop.fs.AbstractFileSystem.gs.impl":           "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS",
	})
	for role, pod := range map[string]corev1.PodSpec{"driver": driver, "executor": executor} {
		if len(pod.Volumes) != 1 || pod.Volumes[0].Secret.SecretName != "gcs" || pod.Containers[0].VolumeMounts[0].MountPath != "/etc/gcs-key" {
			t.Errorf("%s: the key is not mounted: %+v", role, pod.Volumes)
		}
		if env := pod.Containers[0].Env; len(env) != 1 || env[0].Value != "/etc/gcs-key/key.json" {
			t.Errorf("%s: variables %v", role, env)
		}
	}
	conf, driver, _ = built(t, withStores("3.5.1", spark.GCS{}))
	wantConf(t, conf, map[string]string{"spark.hadoop.fs.gs.auth.type": "APPLICATION_DEFAULT", "spark.hadoop.fs.gs.auth.service.account.json.keyfile": ""})
	if len(driver.Volumes) != 0 {
		t.Errorf("an identity of the pod mounts %v", driver.Volumes)
	}
}

func TestAzureIdentities(t *testing.T) {
	const (
		azure = "spark.hadoop.fs.azure."
		host  = ".lake.dfs.core.windows.net"
		oauth = "org.apache.hadoop.fs.azurebfs.oauth2."
	)
	secret := spark.SecretKey{Name: "lake", Key: "value"}
	for _, tc := range []struct {
		version     string
		credentials spark.AzureCredentials
		env         string
		want        map[string]string
	}{
		{"4.1.2", nil, "", map[string]string{
			azure + "account.auth.type" + host: "OAuth", azure + "account.oauth.provider.type" + host: oauth + "WorkloadIdentityTokenProvider",
			azure + "account.oauth2.msi.tenant" + host: "${env.AZURE_TENANT_ID}", azure + "account.oauth2.client.id" + host: "${env.AZURE_CLIENT_ID}",
		}},
		{"3.5.1", spark.ManagedIdentity{ClientID: "c"}, "", map[string]string{
			azure + "account.oauth.provider.type" + host: oauth + "MsiTokenProvider",
			azure + "account.oauth2.client.id" + host:    "c", azure + "account.oauth2.msi.tenant" + host: "",
		}},
		{"3.5.1", spark.ServicePrincipal{Tenant: "t", ClientID: "c", Secret: secret}, "AZURE_LAKE_CLIENT_SECRET", map[string]string{
			azure + "account.oauth.provider.type" + host:    oauth + "ClientCredsTokenProvider",
			azure + "account.oauth2.client.endpoint" + host: "https://login.microsoftonline.com/t/oauth2/token",
			azure + "account.oauth2.client.secret" + host:   "${env.AZURE_LAKE_CLIENT_SECRET}",
		}},
		{"3.5.1", spark.AccountKey{Secret: secret}, "AZURE_LAKE_STORAGE_KEY", map[string]string{
			azure + "account.auth.type" + host: "SharedKey", azure + "account.key" + host: "${env.AZURE_LAKE_STORAGE_KEY}",
		}},
		{"4.0.0", spark.SASToken{Secret: secret}, "AZURE_LAKE_SAS_TOKEN", map[string]string{
			azure + "account.auth.type" + host: "SAS", azure + "sas.fixed.token" + host: "${env.AZURE_LAKE_SAS_TOKEN}",
		}},
	} {
		j := withStores(tc.version, spark.ABFS{Account: "lake", Credentials: tc.credentials})
		conf, driver, executor := built(t, j)
		wantConf(t, conf, tc.want)
		for role, pod := range map[string]corev1.PodSpec{"driver": driver, "executor": executor} {
			var names []string
			for _, e := range pod.Containers[0].Env {
				names = append(names, e.Name)
			}
			if got := strings.Join(names, " "); got != tc.env {
				t.Errorf("%T: the %s has the variables %q, want %q", tc.credentials, role, got, tc.env)
			}
		}
		app, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		label := ""
		if tc.credentials == nil {
			label = "true"
		}
		if d, e := app.Spec.Driver.Labels["azure.workload.identity/use"], app.Spec.Executor.Labels["azure.workload.identity/use"]; d != label || e != label {
			t.Errorf("%T: Azure's webhook looks for the label, which is %q and %q", tc.credentials, d, e)
		}
	}
}

func TestBadStores(t *testing.T) {
	secret := spark.SecretKey{Name: "a", Key: "b"}
	job := withStores
	edit := func(j *spark.Job, f func(*spark.Job)) *spark.Job { f(j); return j }
	for name, tc := range map[string]struct {
		job  *spark.Job
		want []string
	}{
		"twice":         {job("3.5.1", spark.S3A{}, spark.S3A{Region: "x"}), []string{duplicate + " Stores[1]"}},
		"bucket twice":  {job("3.5.1", spark.S3A{Bucket: "lake"}, spark.S3A{}, spark.S3A{Bucket: "lake"}), []string{duplicate + " Stores[2]"}},
		"account twice": {job("4.1.2", spark.ABFS{Account: "a"}, spark.ABFS{Account: "a.dfs.core.windows.net"}), []string{duplicate + " Stores[1]"}},
		"Google twice":  {job("4.1.2", spark.GCS{}, spark.GCS{Project: "p"}), []string{duplicate + " Stores[1]"}},
		"same variables": {job("3.5.1", spark.S3A{Bucket: "a-b", Credentials: spark.AccessKeys{Secret: "a"}}, spark.S3A{Bucket: "a.b", Credentials: spark.AccessKeys{Secret: "b"}}),
			[]string{conflict + " Stores[1]", conflict + " Stores[1]", conflict + " Stores[1]", conflict + " Stores[1]"}},
		"the user's variable": {edit(job("3.5.1", spark.S3A{Credentials: spark.AccessKeys{Secret: "a"}}), func(j *spark.Job) {
			j.Executor.Env = []corev1.EnvVar{{Name: "AWS_ACCESS_KEY_ID", Value: "x"}}
		}), []string{conflict + " Stores[0]"}},
		"pointer": {job("3.5.1", &spark.S3A{}, nil), []string{invalid + " Stores[0]", required + " Stores[1]"}},
		"pointers inside": {job("4.1.2", spark.S3A{Credentials: &spark.WebIdentity{}}, spark.GCS{Credentials: &spark.GoogleIdentity{}}, spark.ABFS{Credentials: &spark.ManagedIdentity{}},
			spark.S3A{Bucket: "lake", Credentials: spark.AssumedRole{ARN: "arn:x", From: &spark.WebIdentity{}}}),
			[]string{invalid + " Stores[0].Credentials", invalid + " Stores[1].Credentials", invalid + " Stores[2].Credentials", invalid + " Stores[3].Credentials.From"}},

		"bucket": {job("3.5.1", spark.S3A{Bucket: "s3a://lake"}), []string{invalid + " Stores[0].Bucket"}},
		"region": {job("3.5.1", spark.S3A{Region: "EU"}), []string{invalid + " Stores[0].Region"}},
		"endpoints": {job("3.5.1", spark.S3A{Endpoint: "ftp://x"}, spark.S3A{Bucket: "lake", Endpoint: "https://me:secret@minio"}),
			[]string{invalid + " Stores[0].Endpoint", invalid + " Stores[1].Endpoint"}},
		"old Spark": {job("3.1.3", spark.S3A{Region: "x", Credentials: spark.InstanceProfile{}}, spark.S3A{Bucket: "lake"}),
			[]string{unsupported + " Stores[0].Region", unsupported + " Stores[0].Credentials", unsupported + " Stores[1].Credentials"}},
		"pod identity": {job("3.5.1", spark.S3A{Credentials: spark.PodIdentity{}}), []string{unsupported + " Stores[0].Credentials"}},
		"keys": {job("3.5.1", spark.S3A{Credentials: spark.AccessKeys{ID: "a b"}}, spark.S3A{Bucket: "lake", Credentials: spark.AccessKeys{Secret: "A"}}),
			[]string{invalid + " Stores[0].Credentials.ID", required + " Stores[0].Credentials.Secret", invalid + " Stores[1].Credentials.Secret"}},
		"roles": {job("3.5.1", spark.S3A{Credentials: spark.AssumedRole{From: spark.Anonymous{}, Duration: time.Minute, Region: "A B", SessionName: "a b"}},
			spark.S3A{Bucket: "lake", Credentials: spark.AssumedRole{ARN: "role/x", From: spark.PodIdentity{}}}),
			[]string{required + " Stores[0].Credentials.ARN", unsupported + " Stores[0].Credentials.From", invalid + " Stores[0].Credentials.SessionName",
				invalid + " Stores[0].Credentials.Duration", invalid + " Stores[0].Credentials.Region", invalid + " Stores[1].Credentials.ARN", unsupported + " Stores[1].Credentials.From"}},
		"classes": {job("3.5.1", spark.S3A{Credentials: spark.CredentialsClass{}}, spark.S3A{Bucket: "lake", Credentials: spark.CredentialsClass{Name: "a, b"}}),
			[]string{required + " Stores[0].Credentials.Name", invalid + " Stores[1].Credentials.Name"}},
		"encryption": {job("3.5.1", spark.S3A{Encryption: spark.S3Encryption{Key: "k"}}, spark.S3A{Bucket: "bbb", Encryption: spark.S3Encryption{Algorithm: spark.SSES3, Key: "k"}},
			spark.S3A{Bucket: "ccc", Encryption: spark.S3Encryption{Algorithm: spark.DSSEKMS}}, spark.S3A{Bucket: "ddd", Encryption: spark.S3Encryption{Algorithm: "rot13"}}),
			[]string{required + " Stores[0].Encryption.Algorithm", conflict + " Stores[1].Encryption.Key", unsupported + " Stores[2].Encryption.Algorithm", invalid + " Stores[3].Encryption.Algorithm"}},
		"uploads": {job("3.5.1", spark.S3A{Connections: -1, Upload: spark.S3Upload{Buffer: "tape", Parts: -1, PartSize: millrace.MiB}}),
			[]string{invalid + " Stores[0].Upload.Parts", invalid + " Stores[0].Connections", invalid + " Stores[0].Upload.Buffer", invalid + " Stores[0].Upload.PartSize"}},
		"dynamic overwrite": {edit(job("3.5.1", spark.S3A{MagicCommitter: true}), func(j *spark.Job) {
			j.Conf = map[string]string{"spark.sql.sources.partitionOverwriteMode": "DYNAMIC"}
		}), []string{conflict + " Conf[spark.sql.sources.partitionOverwriteMode]"}},
		"second algorithm": {edit(job("4.1.2", spark.GCS{}), func(j *spark.Job) {
			j.Base.HadoopConf = map[string]string{"mapreduce.fileoutputcommitter.algorithm.version": "2"}
		}), []string{conflict + " Base.HadoopConf[mapreduce.fileoutputcommitter.algorithm.version]"}},
		"second algorithm in Conf": {edit(job("4.1.2", spark.ABFS{}), func(j *spark.Job) {
			j.Conf = map[string]string{"spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2"}
		}), []string{conflict + " Conf[spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version]"}},
		"said in HadoopConf": {edit(job("3.5.1", spark.S3A{PathStyle: true}), func(j *spark.Job) {
			j.HadoopConf = map[string]string{"fs.s3a.path.style.access": "true"}
		}), []string{conflict + " HadoopConf[fs.s3a.path.style.access]"}},
		"said in Conf": {edit(job("3.5.1", spark.S3A{PathStyle: true}), func(j *spark.Job) {
			j.Conf = map[string]string{s3a + "path.style.access": "true"}
		}), []string{conflict + " Conf[" + s3a + "path.style.access]"}},
		"said in Base": {edit(job("3.5.1", spark.S3A{PathStyle: true}), func(j *spark.Job) {
			j.Base.SparkConf = map[string]string{s3a + "path.style.access": "true"}
			j.Base.HadoopConf = map[string]string{"fs.s3a.path.style.access": "true"}
		}), []string{conflict + " Base.SparkConf[" + s3a + "path.style.access]", conflict + " Base.HadoopConf[fs.s3a.path.style.access]"}},

		"key file": {edit(job("3.5.1", spark.GCS{Project: "a b", Impersonate: "me", ManifestCommitter: true, Credentials: spark.KeyFile{Key: "a/b"}}), func(j *spark.Job) {
			j.Driver.Volumes = []spark.Volume{{Name: "key", Path: "/etc/gcs-key", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		}), []string{invalid + " Stores[0].Project", required + " Stores[0].Credentials.Secret", invalid + " Stores[0].Credentials.Key", conflict + " Driver.Volumes[key]",
			invalid + " Stores[0].Impersonate", unsupported + " Stores[0].ManifestCommitter"}},

		"Azure's default": {job("3.5.1", spark.ABFS{ManifestCommitter: true}), []string{required + " Stores[0].Credentials", unsupported + " Stores[0].ManifestCommitter"}},
		"Azure's workload identity": {job("3.5.1", spark.ABFS{Account: "c@a", Credentials: spark.WorkloadIdentity{Tenant: "a b", ClientID: "a b"}}),
			[]string{invalid + " Stores[0].Account", unsupported + " Stores[0].Credentials", invalid + " Stores[0].Credentials.Tenant", invalid + " Stores[0].Credentials.ClientID"}},
		"Azure's nodes": {job("3.5.1", spark.ABFS{Credentials: spark.ManagedIdentity{Tenant: "a b", ClientID: "a b"}}),
			[]string{invalid + " Stores[0].Credentials.Tenant", invalid + " Stores[0].Credentials.ClientID"}},
		"Azure's principal": {job("3.5.1", spark.ABFS{Credentials: spark.ServicePrincipal{}}),
			[]string{required + " Stores[0].Credentials.Tenant", required + " Stores[0].Credentials.ClientID", required + " Stores[0].Credentials.Secret.Name", required + " Stores[0].Credentials.Secret.Key"}},
		"Azure's secrets": {job("3.5.1", spark.ABFS{Credentials: spark.AccountKey{Secret: secret}}, spark.ABFS{Account: "a", Credentials: spark.SASToken{Secret: secret}}),
			[]string{required + " Stores[0].Account", unsupported + " Stores[1].Credentials"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refused(t, tc.job)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Nothing of a secret may be in a manifest, whatever the store.
func TestNoSecretIsRendered(t *testing.T) {
	for _, target := range targets() {
		j := withStores("4.1.2", spark.S3A{Credentials: spark.AccessKeys{Secret: "s3"}},
			spark.ABFS{Account: "lake", Credentials: spark.AccountKey{Secret: spark.SecretKey{Name: "lake", Key: "key"}}})
		j.Target = target
		text := render(t, j)
		for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "AZURE_LAKE_STORAGE_KEY"} {
			if got := strings.Count(text, "${env."+name+"}"); got != 1 {
				t.Errorf("%T: the settings refer to %s %d times", target, name, got)
			}
			if got := strings.Count(text, "- name: "+name+"\n"); got != 2 {
				t.Errorf("%T: %d pods have %s", target, got, name)
			}
		}
	}
}
