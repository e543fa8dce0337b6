package spark

import "strings"

// ABFS is Azure Data Lake Storage: abfss://container@account….
//
// The client is "org.apache.hadoop:hadoop-azure", in the version of the Hadoop
// that Spark comes with: see Store.
// Source: hadoop-azure, abfs; the classes of 3.3.4 and 3.4.1.
type ABFS struct {
	// Account restricts the identity to one storage account, by its name or
	// its host: "datalake", "datalake.dfs.core.chinacloudapi.cn".
	//
	// Zero means all accounts that no other Store is about. AccountKey and
	// SASToken are for one account, and need it.
	//
	// Rendered as the end of the settings' names in spec.hadoopConf.
	Account string
	// Credentials are the identity: WorkloadIdentity, ManagedIdentity,
	// ServicePrincipal, AccountKey or SASToken.
	//
	// Nil means WorkloadIdentity, which needs Spark 4.0. Before, say another
	// one.
	//
	// Rendered as fs.azure.account.auth.type, and the settings that belong to
	// it.
	Credentials AzureCredentials
	// ManifestCommitter writes files under names that the job's end makes
	// known all at once. Tables of Iceberg, Delta and Hudi don't need it.
	//
	// Spark 4.0 and later. It needs
	// "org.apache.spark:spark-hadoop-cloud_2.13:4.0.0", in the version of
	// Spark, which official images don't have.
	//
	// Rendered as mapreduce.outputcommitter.factory.scheme.abfs and .abfss in
	// spec.hadoopConf, and as spark.sql.sources.commitProtocolClass and
	// spark.sql.parquet.output.committer.class in spec.sparkConf.
	// Source: Hadoop, manifest committer.
	ManifestCommitter bool
}

// AzureCredentials are the identity by which a job comes to Azure's stores:
// WorkloadIdentity, ManagedIdentity, ServicePrincipal, AccountKey or SASToken.
type AzureCredentials interface {
	checkAzure(c partCheck, of ABFS)
	settingsAzure(s *settings, of ABFS)
	podAzure(pod *podParts, of ABFS)
}

// WorkloadIdentity is the identity that is federated with the job's service
// account. Spark 4.0 and later.
//
// Rendered as the label azure.workload.identity/use on driver and executors,
// by which Azure's webhook finds them, and in the settings, which refer to the
// variables that the webhook sets.
type WorkloadIdentity struct {
	// Tenant is the directory's id. Zero means the webhook's
	// AZURE_TENANT_ID. Rendered as fs.azure.account.oauth2.msi.tenant.
	Tenant string
	// ClientID is the identity's. Zero means the webhook's AZURE_CLIENT_ID,
	// which it takes from the service account's annotation. Rendered as
	// fs.azure.account.oauth2.client.id.
	ClientID string
}

// ManagedIdentity is an identity of the nodes, which all pods on them share.
type ManagedIdentity struct {
	// Tenant is the directory's id. Zero leaves it to the node. Rendered as
	// fs.azure.account.oauth2.msi.tenant.
	Tenant string
	// ClientID tells the identities of a node apart. Zero is the only one.
	// Rendered as fs.azure.account.oauth2.client.id.
	ClientID string
}

// ServicePrincipal is an application of the directory, with its secret.
type ServicePrincipal struct {
	// Tenant is the directory's id. Required. Rendered in
	// fs.azure.account.oauth2.client.endpoint.
	Tenant string
	// ClientID is the application's. Required. Rendered as
	// fs.azure.account.oauth2.client.id.
	ClientID string
	// Secret holds the application's secret. Required. Rendered as a variable
	// AZURE_… in the pod templates of driver and executors, to which
	// fs.azure.account.oauth2.client.secret refers.
	Secret SecretKey
}

// AccountKey is the key of a storage account, which may do everything.
type AccountKey struct {
	// Secret holds the key. Required. Rendered as a variable AZURE_… in the
	// pod templates of driver and executors, to which fs.azure.account.key
	// refers.
	Secret SecretKey
}

// SASToken is a shared access signature. Spark 4.0 and later.
type SASToken struct {
	// Secret holds the token. Required. Rendered as a variable AZURE_… in the
	// pod templates of driver and executors, to which
	// fs.azure.sas.fixed.token refers.
	Secret SecretKey
}

const (
	azureSince    = "4.0"
	azureHost     = ".dfs.core.windows.net"
	azurePackage  = "org.apache.hadoop.fs.azurebfs.oauth2."
	azureOAuth    = "fs.azure.account.oauth2."
	azureUseLabel = "azure.workload.identity/use"
	azureLogin    = "https://login.microsoftonline.com/"
)

func (a ABFS) place() string {
	if a.Account == "" {
		return "all accounts of Azure"
	}
	return "the account " + a.host() + " of Azure"
}

func (a ABFS) host() string {
	if a.Account == "" || strings.Contains(a.Account, ".") {
		return a.Account
	}
	return a.Account + azureHost
}

// key returns the name of a setting, for the account or for all.
func (a ABFS) key(name string) string {
	if a.Account == "" {
		return name
	}
	return name + "." + a.host()
}

func (a ABFS) credentials() AzureCredentials {
	if notAValue(a.Credentials) {
		return WorkloadIdentity{}
	}
	return a.Credentials
}

func (a ABFS) check(c partCheck) {
	if strings.ContainsAny(a.Account, "/@:, \t\r\n") {
		c.Invalid(c.field("Account"), a.Account, "not an account's name or host", "write it as datalake, without abfss:// and the container")
	}
	switch {
	case reportPointer(c.Problems, c.field("Credentials"), a.Credentials):
	case a.Credentials == nil && c.version.known() && !c.version.atLeast(azureSince):
		c.Required(c.field("Credentials"), "WorkloadIdentity, the default, needs Spark "+azureSince+": say spark.ManagedIdentity{} or spark.ServicePrincipal{…}")
	default:
		a.credentials().checkAzure(c, a)
	}
	if a.ManifestCommitter {
		c.since("ManifestCommitter", manifestSince)
	}
}

func (a ABFS) settings(s *settings) {
	a.credentials().settingsAzure(s, a)
	if a.ManifestCommitter {
		s.committer("ManifestCommitter", "abfs", abfsManifestFactory)
		s.committer("ManifestCommitter", "abfss", abfsManifestFactory)
	}
}

func (a ABFS) pod(_ role, pod *podParts) { a.credentials().podAzure(pod, a) }

// oauth says that tokens come from a provider.
func (a ABFS) oauth(s *settings, provider string) {
	s.hadoop("Credentials", a.key("fs.azure.account.auth.type"), "OAuth")
	s.hadoop("Credentials", a.key("fs.azure.account.oauth.provider.type"), azurePackage+provider)
}

// variable returns the name of a variable that holds a secret of the account.
func (a ABFS) variable(what string) string {
	if a.Account == "" {
		return "AZURE_" + what
	}
	return variableName("AZURE", a.Account, what)
}

func (w WorkloadIdentity) checkAzure(c partCheck, _ ABFS) {
	c.since("Credentials", azureSince)
	c.text("Credentials.Tenant", w.Tenant, azureID)
	c.text("Credentials.ClientID", w.ClientID, azureID)
}

const azureID = "00000000-0000-0000-0000-000000000000"

func (w WorkloadIdentity) settingsAzure(s *settings, of ABFS) {
	of.oauth(s, "WorkloadIdentityTokenProvider")
	s.hadoop("Credentials.Tenant", of.key(azureOAuth+"msi.tenant"), first(w.Tenant, envReference("AZURE_TENANT_ID")))
	s.hadoop("Credentials.ClientID", of.key(azureOAuth+"client.id"), first(w.ClientID, envReference("AZURE_CLIENT_ID")))
}

func (WorkloadIdentity) podAzure(pod *podParts, _ ABFS) { pod.label(azureUseLabel, "true") }

func (m ManagedIdentity) checkAzure(c partCheck, _ ABFS) {
	c.text("Credentials.Tenant", m.Tenant, azureID)
	c.text("Credentials.ClientID", m.ClientID, azureID)
}

func (m ManagedIdentity) settingsAzure(s *settings, of ABFS) {
	of.oauth(s, "MsiTokenProvider")
	s.textHadoop("Credentials.Tenant", of.key(azureOAuth+"msi.tenant"), m.Tenant)
	s.textHadoop("Credentials.ClientID", of.key(azureOAuth+"client.id"), m.ClientID)
}

func (ManagedIdentity) podAzure(*podParts, ABFS) {}

func (p ServicePrincipal) checkAzure(c partCheck, _ ABFS) {
	for _, id := range []struct{ field, value string }{{"Tenant", p.Tenant}, {"ClientID", p.ClientID}} {
		if id.value == "" {
			c.Required(c.field("Credentials."+id.field), "write it as "+azureID)
		}
		c.text("Credentials."+id.field, id.value, azureID)
	}
	c.secret("Credentials.Secret", "Name", p.Secret)
}

func (p ServicePrincipal) settingsAzure(s *settings, of ABFS) {
	of.oauth(s, "ClientCredsTokenProvider")
	s.hadoop("Credentials.Tenant", of.key(azureOAuth+"client.endpoint"), azureLogin+p.Tenant+"/oauth2/token")
	s.hadoop("Credentials.ClientID", of.key(azureOAuth+"client.id"), p.ClientID)
	s.hadoop("Credentials.Secret", of.key(azureOAuth+"client.secret"), envReference(of.variable("CLIENT_SECRET")))
}

func (p ServicePrincipal) podAzure(pod *podParts, of ABFS) {
	pod.secretEnv(of.variable("CLIENT_SECRET"), p.Secret)
}

func (k AccountKey) checkAzure(c partCheck, of ABFS) { checkAccountSecret(c, of, k.Secret) }

// checkAccountSecret is for secrets that open one account.
func checkAccountSecret(c partCheck, of ABFS, secret SecretKey) {
	if of.Account == "" {
		c.Required(c.field("Account"), "name the account that the secret is for")
	}
	c.secret("Credentials.Secret", "Name", secret)
}

func (k AccountKey) settingsAzure(s *settings, of ABFS) {
	s.hadoop("Credentials", of.key("fs.azure.account.auth.type"), "SharedKey")
	s.hadoop("Credentials.Secret", of.key("fs.azure.account.key"), envReference(of.variable("STORAGE_KEY")))
}

func (k AccountKey) podAzure(pod *podParts, of ABFS) {
	pod.secretEnv(of.variable("STORAGE_KEY"), k.Secret)
}

func (t SASToken) checkAzure(c partCheck, of ABFS) {
	c.since("Credentials", azureSince)
	checkAccountSecret(c, of, t.Secret)
}

func (t SASToken) settingsAzure(s *settings, of ABFS) {
	s.hadoop("Credentials", of.key("fs.azure.account.auth.type"), "SAS")
	s.hadoop("Credentials.Secret", of.key("fs.azure.sas.fixed.token"), envReference(of.variable("SAS_TOKEN")))
}

func (t SASToken) podAzure(pod *podParts, of ABFS) {
	pod.secretEnv(of.variable("SAS_TOKEN"), t.Secret)
}
