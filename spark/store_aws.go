package spark

import (
	"strings"
	"time"
)

// AWSCredentials are the identity by which a job comes to S3: WebIdentity,
// PodIdentity, InstanceProfile, AccessKeys, AssumedRole, Anonymous or
// CredentialsClass.
//
// The classes behind them depend on the Hadoop that Spark comes with: up to
// Spark 3.5 they are those of the first AWS SDK, with Spark 4 of the second.
type AWSCredentials interface {
	// checkAWS reports what is wrong with it. It is the field of that name.
	checkAWS(c partCheck, field string)
	// provider is the class that Hadoop asks.
	provider(v version) string
	settingsAWS(s *settings, of S3A)
	podAWS(r role, pod *podParts, of S3A)
}

// WebIdentity is the role of the job's service account (IRSA): the one that
// its annotation eks.amazonaws.com/role-arn names. Spark 3.2 and later.
type WebIdentity struct{}

// PodIdentity is the role that EKS Pod Identity associates with the job's
// service account. It needs Spark 4.0, whose AWS SDK knows of it.
type PodIdentity struct{}

// InstanceProfile is the role of the node, which all pods on it share. Spark
// 3.2 and later.
type InstanceProfile struct{}

// Anonymous sends no identity, for public buckets.
type Anonymous struct{}

// CredentialsClass is what Hadoop asks for credentials, by its name: for images
// with another Hadoop than the one that Spark comes with, whose classes have
// other names, and for classes of one's own.
type CredentialsClass struct {
	// Name of the class, or several, separated by commas. Required.
	// Rendered as fs.s3a.aws.credentials.provider.
	Name string
}

// AccessKeys are keys from a secret. They don't expire by themselves, so
// where the cloud has an identity for the service account, use that.
//
// Rendered as variables in the pod templates of driver and executors:
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which boto3
// reads too; with a Bucket they begin with S3A_<BUCKET>_. Hadoop's settings
// refer to them as ${env.…}.
type AccessKeys struct {
	// Secret is the name of the secret. Required.
	Secret string
	// ID is the key in the secret that holds the access key's id.
	//
	// Zero means AWS_ACCESS_KEY_ID.
	ID string
	// SecretKey is the key in the secret that holds the secret access key.
	//
	// Zero means AWS_SECRET_ACCESS_KEY.
	SecretKey string
	// SessionToken is the key in the secret that holds a session's token.
	//
	// Zero has none, as keys without a session.
	SessionToken string
}

// AssumedRole is a role that the job's own identity may take over, as in
// another account.
type AssumedRole struct {
	// ARN of the role. Required. Rendered as fs.s3a.assumed.role.arn.
	ARN string
	// From is the identity that takes it over.
	//
	// Nil means WebIdentity. Rendered as
	// fs.s3a.assumed.role.credentials.provider.
	From AWSCredentials
	// SessionName is what the role's audit log calls the job.
	//
	// Zero leaves it to the client. Rendered as
	// fs.s3a.assumed.role.session.name.
	SessionName string
	// Duration is how long a session lasts before it is renewed.
	//
	// Zero means the client's 30 minutes. From 15 minutes to 12 hours, in
	// whole seconds. Rendered as fs.s3a.assumed.role.session.duration.
	Duration time.Duration
	// Region of the token service, where the global one can't be reached.
	//
	// Zero means the global one. Rendered as
	// fs.s3a.assumed.role.sts.endpoint and .sts.endpoint.region.
	Region string
}

const (
	keyAccessID     = "AWS_ACCESS_KEY_ID"
	keySecretKey    = "AWS_SECRET_ACCESS_KEY" //nolint:gosec // the name of a variable
	keySessionToken = "AWS_SESSION_TOKEN"     //nolint:gosec // the name of a variable
	s3aPackage      = "org.apache.hadoop.fs.s3a."
	assumedRole     = "assumed.role."
	minSession      = 15 * time.Minute
	maxSession      = 12 * time.Hour
	// sdk2Since is the first Spark with the second AWS SDK (Hadoop 3.4).
	sdk2Since = "4.0"
	// rolesSince is the first Spark whose AWS SDK has all kinds of roles
	// (Hadoop 3.3.1 with 1.11.901).
	rolesSince = "3.2"
)

func (WebIdentity) checkAWS(c partCheck, field string)     { c.since(field, rolesSince) }
func (PodIdentity) checkAWS(c partCheck, field string)     { c.since(field, sdk2Since) }
func (InstanceProfile) checkAWS(c partCheck, field string) { c.since(field, rolesSince) }
func (Anonymous) checkAWS(partCheck, string)               {}

func (l CredentialsClass) checkAWS(c partCheck, field string) {
	if l.Name == "" {
		c.Required(c.field(field+".Name"), "name the class")
	} else if strings.ContainsAny(l.Name, " \t\r\n") {
		c.Invalid(c.field(field+".Name"), l.Name, "holds white space", "write classes with commas between them")
	}
}

func (k AccessKeys) checkAWS(c partCheck, field string) {
	id, secret, token := k.keys()
	for _, from := range []struct {
		field, key string
	}{{"ID", id}, {"SecretKey", secret}, {"SessionToken", token}} {
		if strings.Trim(from.key, keyCharacters) != "" {
			c.Invalid(c.field(field+"."+from.field), from.key, "not a key of a secret", "use letters, digits, '-', '_' and '.'")
		}
	}
	if k.Secret == "" {
		c.Required(c.field(field+".Secret"), "name the secret")
		return
	}
	c.Name(c.field(field+".Secret"), k.Secret)
}

func (a AssumedRole) checkAWS(c partCheck, field string) {
	switch {
	case a.ARN == "":
		c.Required(c.field(field+".ARN"), "name the role")
	case !strings.HasPrefix(a.ARN, "arn:") && a.ARN != filling || strings.ContainsAny(a.ARN, " \t\r\n"):
		c.Invalid(c.field(field+".ARN"), a.ARN, "not an ARN", "write it as arn:aws:iam::123456789012:role/name")
	}
	switch from := a.From.(type) {
	case nil:
	case AssumedRole, Anonymous:
		c.Unsupported(c.field(field+".From"), "only an identity of its own can take over a role", "use spark.WebIdentity{} or another one")
	default:
		if reportPointer(c.Problems, c.field(field+".From"), from) {
			return
		}
		from.checkAWS(c, field+".From")
	}
	c.text(field+".SessionName", a.SessionName, "etl-orders-daily")
	checkDuration(c.Problems, c.field(field+".Duration"), a.Duration, time.Second)
	if a.Duration > 0 && (a.Duration < minSession || a.Duration > maxSession) {
		c.Invalid(c.field(field+".Duration"), a.Duration, "not from 15 minutes to 12 hours", "use 30 minutes")
	}
	if a.Region != "" && !regionName.MatchString(a.Region) {
		c.Invalid(c.field(field+".Region"), a.Region, "not a region", "write it as eu-central-1")
	}
}

func (WebIdentity) provider(v version) string {
	if v.atLeast(sdk2Since) {
		return "software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider"
	}
	return "com.amazonaws.auth.WebIdentityTokenCredentialsProvider"
}

// provider asks the agent on the node first. The SDK's own class for it can't
// be used: before 2.29 it has no way to be made by name.
func (PodIdentity) provider(version) string {
	return s3aPackage + "auth.IAMInstanceCredentialsProvider"
}
func (InstanceProfile) provider(version) string {
	return s3aPackage + "auth.IAMInstanceCredentialsProvider"
}
func (l CredentialsClass) provider(version) string { return l.Name }
func (Anonymous) provider(version) string          { return s3aPackage + "AnonymousAWSCredentialsProvider" }

func (k AccessKeys) provider(version) string {
	if k.SessionToken != "" {
		return s3aPackage + "TemporaryAWSCredentialsProvider"
	}
	return s3aPackage + "SimpleAWSCredentialsProvider"
}

func (AssumedRole) provider(version) string { return s3aPackage + "auth.AssumedRoleCredentialProvider" }

// ask names the class that Hadoop asks for credentials.
func ask(s *settings, of S3A, who AWSCredentials) {
	s.hadoop("Credentials", of.key("aws.credentials.provider"), who.provider(s.version))
}

func (w WebIdentity) settingsAWS(s *settings, of S3A)      { ask(s, of, w) }
func (p PodIdentity) settingsAWS(s *settings, of S3A)      { ask(s, of, p) }
func (i InstanceProfile) settingsAWS(s *settings, of S3A)  { ask(s, of, i) }
func (a Anonymous) settingsAWS(s *settings, of S3A)        { ask(s, of, a) }
func (l CredentialsClass) settingsAWS(s *settings, of S3A) { ask(s, of, l) }

func (k AccessKeys) settingsAWS(s *settings, of S3A) {
	ask(s, of, k)
	k.refer(s, of)
}

// refer says where the keys are.
func (k AccessKeys) refer(s *settings, of S3A) {
	s.hadoop("Credentials", of.key("access.key"), envReference(of.variable(keyAccessID)))
	s.hadoop("Credentials", of.key("secret.key"), envReference(of.variable(keySecretKey)))
	if k.SessionToken != "" {
		s.hadoop("Credentials", of.key("session.token"), envReference(of.variable(keySessionToken)))
	}
}

func (a AssumedRole) settingsAWS(s *settings, of S3A) {
	ask(s, of, a)
	s.hadoop("Credentials.ARN", of.key(assumedRole+"arn"), a.ARN)
	s.hadoop("Credentials.From", of.key(assumedRole+"credentials.provider"), a.from().provider(s.version))
	if keys, ok := a.from().(AccessKeys); ok {
		keys.refer(s, of)
	}
	s.textHadoop("Credentials.SessionName", of.key(assumedRole+"session.name"), a.SessionName)
	s.duration("Credentials.Duration", hadoopPrefix+of.key(assumedRole+"session.duration"), a.Duration)
	if a.Region != "" {
		host := "sts." + a.Region + ".amazonaws.com"
		if strings.HasPrefix(a.Region, "cn-") {
			host += ".cn"
		}
		s.hadoop("Credentials.Region", of.key(assumedRole+"sts.endpoint"), host)
		s.hadoop("Credentials.Region", of.key(assumedRole+"sts.endpoint.region"), a.Region)
	}
}

func (a AssumedRole) from() AWSCredentials {
	if notAValue(a.From) {
		return WebIdentity{}
	}
	return a.From
}

func (WebIdentity) podAWS(role, *podParts, S3A)      {}
func (PodIdentity) podAWS(role, *podParts, S3A)      {}
func (InstanceProfile) podAWS(role, *podParts, S3A)  {}
func (Anonymous) podAWS(role, *podParts, S3A)        {}
func (CredentialsClass) podAWS(role, *podParts, S3A) {}

func (a AssumedRole) podAWS(r role, pod *podParts, of S3A) { a.from().podAWS(r, pod, of) }

func (k AccessKeys) podAWS(_ role, pod *podParts, of S3A) {
	id, secret, token := k.keys()
	pod.secretEnv(of.variable(keyAccessID), SecretKey{k.Secret, id})
	pod.secretEnv(of.variable(keySecretKey), SecretKey{k.Secret, secret})
	if token != "" {
		pod.secretEnv(of.variable(keySessionToken), SecretKey{k.Secret, token})
	}
}

// keys returns the keys in the secret, with the defaults.
func (k AccessKeys) keys() (id, secret, token string) {
	return first(k.ID, keyAccessID), first(k.SecretKey, keySecretKey), k.SessionToken
}

// variable returns the name of a variable, for the bucket or for all.
func (s S3A) variable(name string) string {
	if s.Bucket == "" {
		return name
	}
	return variableName("S3A", s.Bucket, strings.TrimPrefix(name, "AWS_"))
}
