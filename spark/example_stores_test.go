package spark_test

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// stored is a job with these stores.
func stored(stores ...spark.Store) *spark.Job {
	return &spark.Job{
		Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Driver: spark.Driver{ServiceAccount: "sessions"}, Stores: stores,
	}
}

// What the job writes is encrypted with a key of one's own, and goes up in large
// parts.
func ExampleS3Encryption() {
	hadoop(stored(spark.S3A{
		Encryption: spark.S3Encryption{Algorithm: spark.SSEKMS, Key: "arn:aws:kms:eu-central-1:1234:key/orders"},
		Upload:     spark.S3Upload{PartSize: 128 * millrace.MiB},
	}))
	// Output:
	// fs.s3a.aws.credentials.provider = software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider
	// fs.s3a.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// fs.s3a.encryption.algorithm = SSE-KMS
	// fs.s3a.encryption.key = arn:aws:kms:eu-central-1:1234:key/orders
	// fs.s3a.multipart.size = 128m
}

// Three buckets, and three identities: a role of another account, which the
// job's own takes over, the node's, and none.
func ExampleAssumedRole() {
	hadoop(stored(
		spark.S3A{Bucket: "partner", Credentials: spark.AssumedRole{
			ARN: "arn:aws:iam::1234:role/reader", From: spark.WebIdentity{}, Duration: time.Hour,
		}},
		spark.S3A{Bucket: "logs", Credentials: spark.InstanceProfile{}},
		spark.S3A{Bucket: "open-data", Credentials: spark.Anonymous{}},
	))
	// Output:
	// fs.s3a.bucket.logs.aws.credentials.provider = org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider
	// fs.s3a.bucket.logs.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// fs.s3a.bucket.open-data.aws.credentials.provider = org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider
	// fs.s3a.bucket.open-data.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// fs.s3a.bucket.partner.assumed.role.arn = arn:aws:iam::1234:role/reader
	// fs.s3a.bucket.partner.assumed.role.credentials.provider = software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider
	// fs.s3a.bucket.partner.assumed.role.session.duration = 3600s
	// fs.s3a.bucket.partner.aws.credentials.provider = org.apache.hadoop.fs.s3a.auth.AssumedRoleCredentialProvider
	// fs.s3a.bucket.partner.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
}

// An image with a Hadoop of its own has other classes.
func ExampleCredentialsClass() {
	hadoop(stored(spark.S3A{Credentials: spark.CredentialsClass{Name: "com.company.hadoop.VaultCredentials"}}))
	// Output:
	// fs.s3a.aws.credentials.provider = com.company.hadoop.VaultCredentials
	// fs.s3a.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
}

// The job's own identity reads with the rights of another account of Google.
func ExampleGoogleIdentity() {
	hadoop(stored(spark.GCS{Credentials: spark.GoogleIdentity{}, Impersonate: "etl@data-platform.iam.gserviceaccount.com"}))
	// Output:
	// fs.AbstractFileSystem.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS
	// fs.gs.auth.impersonation.service.account = etl@data-platform.iam.gserviceaccount.com
	// fs.gs.auth.type = APPLICATION_DEFAULT
	// fs.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem
}

// Outside of Google's cloud there is nothing but a key.
func ExampleKeyFile() {
	hadoop(stored(spark.GCS{Credentials: spark.KeyFile{Secret: "gcs-key"}}))
	// Output:
	// fs.AbstractFileSystem.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS
	// fs.gs.auth.service.account.json.keyfile = /etc/gcs-key/key.json
	// fs.gs.auth.type = SERVICE_ACCOUNT_JSON_KEYFILE
	// fs.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem
	// GOOGLE_APPLICATION_CREDENTIALS from /etc/gcs-key/key.json
}

// Two storage accounts: the service account's own identity for one, for the
// other an application of the directory.
func ExampleWorkloadIdentity() {
	hadoop(stored(
		spark.ABFS{Account: "datalake", Credentials: spark.WorkloadIdentity{}},
		spark.ABFS{Account: "partner", Credentials: spark.ServicePrincipal{
			Tenant: "6b8e", ClientID: "0f3a", Secret: spark.SecretKey{Name: "partner", Key: "client-secret"},
		}},
	))
	// Output:
	// fs.azure.account.auth.type.datalake.dfs.core.windows.net = OAuth
	// fs.azure.account.auth.type.partner.dfs.core.windows.net = OAuth
	// fs.azure.account.oauth.provider.type.datalake.dfs.core.windows.net = org.apache.hadoop.fs.azurebfs.oauth2.WorkloadIdentityTokenProvider
	// fs.azure.account.oauth.provider.type.partner.dfs.core.windows.net = org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider
	// fs.azure.account.oauth2.client.endpoint.partner.dfs.core.windows.net = https://login.microsoftonline.com/6b8e/oauth2/token
	// fs.azure.account.oauth2.client.id.datalake.dfs.core.windows.net = ${env.AZURE_CLIENT_ID}
	// fs.azure.account.oauth2.client.id.partner.dfs.core.windows.net = 0f3a
	// fs.azure.account.oauth2.client.secret.partner.dfs.core.windows.net = ${env.AZURE_PARTNER_CLIENT_SECRET}
	// fs.azure.account.oauth2.msi.tenant.datalake.dfs.core.windows.net = ${env.AZURE_TENANT_ID}
	// AZURE_PARTNER_CLIENT_SECRET from secret partner, key client-secret
	// label azure.workload.identity/use = true
}

// Where there is no identity, a key or a signature for one account each stays in
// its secret.
func ExampleAccountKey() {
	hadoop(stored(
		spark.ABFS{Credentials: spark.ManagedIdentity{}},
		spark.ABFS{Account: "archive", Credentials: spark.AccountKey{Secret: spark.SecretKey{Name: "archive", Key: "key"}}},
		spark.ABFS{Account: "partner", Credentials: spark.SASToken{Secret: spark.SecretKey{Name: "partner", Key: "sas"}}},
	))
	// Output:
	// fs.azure.account.auth.type = OAuth
	// fs.azure.account.auth.type.archive.dfs.core.windows.net = SharedKey
	// fs.azure.account.auth.type.partner.dfs.core.windows.net = SAS
	// fs.azure.account.key.archive.dfs.core.windows.net = ${env.AZURE_ARCHIVE_STORAGE_KEY}
	// fs.azure.account.oauth.provider.type = org.apache.hadoop.fs.azurebfs.oauth2.MsiTokenProvider
	// fs.azure.sas.fixed.token.partner.dfs.core.windows.net = ${env.AZURE_PARTNER_SAS_TOKEN}
	// AZURE_ARCHIVE_STORAGE_KEY from secret archive, key key
	// AZURE_PARTNER_SAS_TOKEN from secret partner, key sas
}
