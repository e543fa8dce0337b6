package secrettext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/secrettext"
)

// The secrets of the tests. They are put together here, so that a search for
// secrets doesn't find this file.
var (
	awsKey   = "AKIA" + "J2K3L4M5N6P7Q8R9"
	gitHub   = "ghp_" + strings.Repeat("a1B2", 9)
	pemKey   = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"
	hidden   = "hunter2"
	scram    = `org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password=`
	oauth    = `org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required oauth.client.id="u" oauth.client.secret=`
	database = "postgresql://loader:" + hidden + "@db.prod:5432/orders"
)

func TestSetting(t *testing.T) {
	const out = "is written out"
	for _, tc := range []struct{ name, value, want string }{
		{"spark.hadoop.fs.s3a.secret.key", hidden, out},
		{"fs.azure.account.key.store.dfs.core.windows.net", hidden, out},
		{"fs.azure.account.oauth2.client.secret.store.dfs.core.windows.net", hidden, out},
		{"AWS_SECRET_ACCESS_KEY", "/7MDENG+bPxRfi", out},
		{"AWS_SESSION_TOKEN", hidden, out},
		{"DB_PASSWORD", hidden, out},
		{"PGPASSWORD", hidden, out},
		{"DB_PASSWD", hidden, out},
		{"MYSQL_PWD", hidden, out},
		{"API_KEY", hidden, out},
		{"GITHUB_TOKEN", hidden, out},
		{"spark.authenticate.secret", hidden, out},
		{"ssl.keystore.password", hidden, out},
		{"password.encoder.secret", hidden, out},
		{"KEY_PASSPHRASE", hidden, out},

		{"DB_PASSWORD", "", ""},
		{"DB_PASSWORD", `""`, ""},
		{"DB_PASSWORD", "${DB_PASSWORD}", ""},
		{"DB_PASSWORD", "$(DB_PASSWORD)", ""},
		{"DB_PASSWORD", "$DB_PASSWORD", ""},
		{"DB_PASSWORD", "{{inputs.parameters.password}}", ""},
		{"DB_PASSWORD", "<your password>", ""},
		{"DB_PASSWORD", "****", ""},
		{"DB_PASSWORD", "/run/secrets/db", ""},
		{"ALLOW_EMPTY_PASSWORD", "yes", ""},
		{"MYSQL_ALLOW_EMPTY_PASSWORD", "1", ""},
		{"DB_PASSWORD_FILE", "/run/secrets/db", ""},
		{"CLIENT_SECRET_NAME", "warehouse", ""},
		{"PWD", "/opt", ""},
		{"OLDPWD", "here", ""},
		{"TLS_PRIVATE_KEY", "file:/etc/tls.key", ""},
		{"MAX_TOKENS", "100", ""},
		{"PARTITION_KEY", "customer", ""},
		{"fs.s3a.server-side-encryption.key", "arn:aws:kms:x", ""},
		{"spark.kubernetes.kerberos.tokenSecret.name", "krb", ""},
		{"ssl.keystore.password", "${secrets:kafka/store:password}", ""},

		{"JDBC_URL", database, "holds a password in a URL"},
		{"JDBC_URL", "postgresql://loader:$PW@db/orders", ""},
		{"JDBC_URL", "postgresql://loader:{password}@db/orders", ""},
		{"JDBC_URL", "postgresql://loader@db:5432/orders", ""},
		{"REGISTRY", "https://registry.company:8443/team@sha256:abc", ""},
		{"BOOTSTRAP", "a:9092,b:9092", ""},
		{"KEY_ID", awsKey, "holds an AWS access key"},
		{"KEY_ID", "AKIA" + "IOSFODNN7EXAMPLE", ""},
		{"KEY_ID", "XAKIA", ""},
		{"CERTIFICATE", pemKey, "holds a private key"},
		{"CERTIFICATE", "-----BEGIN CERTIFICATE-----\nMIIE\n", ""},
		{"CERTIFICATE", "-----BEGIN PUBLIC KEY-----\nMIIE\n", ""},
		{"CLONE", "git clone with " + gitHub, "holds an access token"},
		{"CLONE", "ghp_short", ""},
		{"sasl.jaas.config", scram + `"` + hidden + `";`, "holds the password of a login module"},
		{"sasl.jaas.config", scram + `"${secrets:kafka/user:password}";`, ""},
		{"sasl.jaas.config", oauth + hidden + ";", "holds the password of a login module"},
		{"sasl.jaas.config", "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true;", ""},
	} {
		if got := secrettext.Setting(tc.name, tc.value); got != tc.want {
			t.Errorf("Setting(%q, %q) = %q, want %q", tc.name, tc.value, got, tc.want)
		}
	}
}

func TestArgs(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want []string
	}{
		"a flag":                {[]string{"load", "--db-password=" + hidden}, []string{"1 gives --db-password"}},
		"a flag and its value":  {[]string{"--user", "x", "--password", hidden}, []string{"3 gives --password"}},
		"one dash":              {[]string{"-password=" + hidden}, []string{"0 gives -password"}},
		"a property of the JVM": {[]string{"java", "-Djavax.net.ssl.keyStorePassword=" + hidden}, []string{"1 gives -Djavax.net.ssl.keyStorePassword"}},
		"a setting of Spark":    {[]string{"--conf", "spark.hadoop.fs.s3a.secret.key=" + hidden}, []string{"1 gives spark.hadoop.fs.s3a.secret.key"}},
		"a script":              {[]string{"sh", "-c", "set -e\nload --password=" + hidden + " --date=x\n"}, []string{"2 gives --password"}},
		"a URL":                 {[]string{"load", database}, []string{"1 holds a password in a URL"}},
		"two":                   {[]string{awsKey, "--api-key=" + hidden}, []string{"0 holds an AWS access key", "1 gives --api-key"}},
		"from the environment":  {[]string{"--password=$(DB_PASSWORD)", "--password", "$(DB_PASSWORD)", "--password=${PW}"}, nil},
		"from the workflow":     {[]string{"--password={{inputs.parameters.pw}}"}, nil},
		"a path":                {[]string{"--password-file=/run/pw", "--private-key", "/etc/tls.key"}, nil},
		"two flags":             {[]string{"--password", "--verbose"}, nil},
		"a sentence":            {[]string{"echo", "the --password is wrong"}, nil},
		"code":                  {[]string{"python", "-c", "connect(password=args.password)\nself.password=password\n"}, nil},
		"a script's variable":   {[]string{"sh", "-c", `load --password="$DB_PASSWORD"`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			secrettext.Args(tc.args, func(i int, what string) { got = append(got, fmt.Sprintf("%d %s", i, what)) })
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFile(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"application.properties", "# db\nspring.datasource.url=jdbc:x\nspring.datasource.password = " + hidden + "\n", "sets spring.datasource.password in line 3"},
		{"app.env", "export DB_PASSWORD='" + hidden + "'\r\n", "sets DB_PASSWORD in line 1"},
		{"app.yaml", "db:\n  password: " + hidden + "\n", "sets password in line 2"},
		{"app.yml", "users:\n- password: \"" + hidden + "\"\n", "sets password in line 2"},
		{"app.json", "{\n  \"clientSecret\": \"" + hidden + "\",\n  \"a\": 1\n}", "sets clientSecret in line 2"},
		{"hive-site.xml", "<configuration>\n<property>\n<name>javax.jdo.option.ConnectionPassword</name>\n<value>" + hidden + "</value>\n</property></configuration>", "sets javax.jdo.option.ConnectionPassword in line 3"},
		{"id_rsa", pemKey, "holds a private key"},
		{"run.sh", "curl " + database + "\n", "holds a password in a URL"},
		{"DB_PASSWORD", hidden, "is written out"},

		{"application.properties", "#password=" + hidden + "\nspring.datasource.password=${DB_PASSWORD}\npassword=\n", ""},
		{"app.yaml", "password: # from the vault\npassword: !vault x\npassword: |\n  a\npasswordSecret: db\n", ""},
		{"app.conf", "password = get_password()\nsecret_key = os.environ['K']\n", ""},
		{"app.json", "{\"clientSecret\": {\"from\": \"x\"}}", ""},
		{"hive-site.xml", "<property><name>javax.jdo.option.ConnectionPassword</name><value>${env.PW}</value></property>", ""},
		{"load.py", "password = 'x'\n", ""},
		{"DB_HOST", "db.prod", ""},
		{"notes", "the password:\nask the owner\n", ""},
	} {
		if got := secrettext.File(tc.name, tc.content); got != tc.want {
			t.Errorf("File(%q, %q) = %q, want %q", tc.name, tc.content, got, tc.want)
		}
	}
}

// What is reported never shows the secret.
func FuzzNoSecretInReport(f *testing.F) {
	f.Add("DB_PASSWORD", "s3cret-value")
	f.Add("x.properties", "a=b\ndb.password=s3cret-value")
	f.Fuzz(func(t *testing.T, name, value string) {
		const mark = "S3CRET"
		for _, got := range []string{secrettext.Setting(name, value+mark), secrettext.File(name, value+mark)} {
			if strings.Contains(got, mark) {
				t.Errorf("%q, %q: %q", name, value, got)
			}
		}
		secrettext.Args([]string{name, value + mark}, func(_ int, what string) {
			if strings.Contains(what, mark) {
				t.Errorf("%q, %q: %q", name, value, what)
			}
		})
	})
}

func BenchmarkSetting(b *testing.B) {
	for b.Loop() {
		secrettext.Setting("spark.kubernetes.executor.podTemplateContainerName", "spark-kubernetes-executor")
	}
}
