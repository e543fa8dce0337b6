package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	sparkNamespace = "spark-operator"
	webhookName    = "spark-operator-webhook"
	webhookPort    = 9443
)

// sparkHome is where the distribution lies: on this machine beside what was
// built, and the same in the image.
const sparkHome = "/opt/spark"

// missingSpark says what Spark lacks here.
func missingSpark() error {
	if packages := missingForSpark(); len(packages) > 0 {
		return fmt.Errorf("no Spark here: install Debian's %s", strings.Join(packages, " "))
	}
	return nil
}

// spark returns where the distribution and the Java runtime that it runs on
// lie, and installs the first if need be.
func spark(ctx context.Context) (home, java string, err error) {
	home, err = distribution(ctx)
	return home, javaHome(), err
}

// distribution returns Spark itself, with the Kubernetes back end: PyPI's
// package has all of it.
func distribution(ctx context.Context) (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "pyspark-"+SparkVersion)
	home := filepath.Join(dir, "pyspark")
	if _, err := os.Stat(dir); err == nil {
		return home, nil
	}
	if free := freeBytes(cache); free < buildSpace {
		return "", fmt.Errorf("install pyspark: %d MiB are free at %s: free %d MiB", free>>20, cache, int64(buildSpace)>>20)
	}
	began := time.Now()
	progress("install pyspark %s: not in the cache, 320 MB, once", SparkVersion)
	work, err := os.MkdirTemp(cache, "pip-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(work) }()
	out, err := exec.CommandContext(ctx, "python3", "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile",
		"--target", work, "pyspark=="+SparkVersion).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("install pyspark: %w: %s", err, lastLines(string(out), 5))
	}
	if err := os.Chmod(work, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(work, dir); err != nil {
		if _, there := os.Stat(dir); there != nil {
			return "", err
		}
	}
	took("build", "pyspark", began)
	return home, nil
}

// javaHome is where Debian's Java 17 is, which Spark 3.5 runs on.
func javaHome() string { return "/usr/lib/jvm/java-17-openjdk-" + runtime.GOARCH }

// missingForSpark names the packages that Spark lacks here.
func missingForSpark() (packages []string) {
	if _, err := os.Stat(javaHome() + "/bin/java"); err != nil {
		packages = append(packages, "openjdk-17-jre-headless")
	}
	if _, err := os.Stat(debianPython); err != nil {
		packages = append(packages, "python3")
	}
	if err := exec.Command("python3", "-m", "pip", "--version").Run(); err != nil {
		packages = append(packages, "python3-pip")
	}
	return packages
}

const (
	debianPython = "/usr/bin/python3.11"
	pythonLib    = "/usr/lib/python3.11"
)

// shortLived are options for the JVMs of spark-submit, which are done before
// the better of the compilers would pay: they take 40% off the CPU of one. What
// chooses a collector has no place in pods, whose jobs may choose another.
const shortLived = "-XX:TieredStopAtLevel=1"

// submitting is the environment of spark-submit on this machine.
func submitting(home string) []string {
	return []string{"SPARK_HOME=" + home, "JAVA_HOME=" + javaHome(),
		"SPARK_SUBMIT_OPTS=" + shortLived + " -XX:+UseSerialGC", "SPARK_LAUNCHER_OPTS=" + shortLived + " -XX:+UseSerialGC"}
}

// sparkEntry does what the entrypoint of Spark's own images does.
const sparkEntry = `#!/bin/bash
set -e
export JAVA_HOME=%s SPARK_SUBMIT_OPTS=%s SPARK_LAUNCHER_OPTS=%[2]s
mode=$1
shift
case $mode in
driver)
	exec "$SPARK_HOME/bin/spark-submit" --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" --deploy-mode client "$@"
	;;
executor)
	options=()
	while IFS= read -r option; do
		options+=("$option")
	done < <(env | grep '^SPARK_JAVA_OPT_' | sort -t_ -k4 -n | sed 's/^[^=]*=//')
	exec "$JAVA_HOME/bin/java" $SPARK_SUBMIT_OPTS "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
		-cp "$SPARK_CLASSPATH:$SPARK_HOME/jars/*" org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
		--driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
		--app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
		--resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
	;;
esac
`

// sparkLayer packs the distribution, a JRE and Python, with the libraries that
// they need.
func sparkLayer(l *layer, home string) error {
	java, err := filepath.EvalSymlinks(javaHome())
	if err != nil {
		return err
	}
	if err := shell(l); err != nil {
		return err
	}
	if err := l.text(sparkHome+"/entrypoint.sh", fmt.Sprintf(sparkEntry, java, shortLived), 0o755); err != nil {
		return err
	}
	if err := l.dir(sparkHome+"/work-dir", 0o1777); err != nil {
		return err
	}
	for _, name := range []string{"bin", "jars", "python", "examples"} {
		if err := l.tree(filepath.Join(sparkHome, name), filepath.Join(home, name)); err != nil {
			return err
		}
	}
	trees := []string{filepath.Join(java, "bin"), filepath.Join(java, "lib"), filepath.Join(java, "conf"), "/etc/java-17-openjdk", "/etc/ssl/certs/java", pythonLib}
	for _, tree := range trees {
		if _, err := os.Stat(tree); err != nil {
			continue
		}
		if err := l.tree(tree, tree); err != nil {
			return err
		}
	}
	programs := []string{"/bin/bash", debianPython}
	for _, program := range programs {
		if err := l.file(program, program); err != nil {
			return err
		}
	}
	if err := l.link("/usr/bin/python3", debianPython); err != nil {
		return err
	}
	if err := l.link("/usr/bin/env", "/bin/busybox"); err != nil {
		return err
	}
	for _, pattern := range []string{java + "/bin/java", java + "/lib/*.so", java + "/lib/server/*.so", pythonLib + "/lib-dynload/*.so"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		programs = append(programs, files...)
	}
	return libraries(l, programs, java)
}

var library = regexp.MustCompile(`(?m)(/\S+) \(0x`)

// libraries adds what programs are linked to.
func libraries(l *layer, programs []string, except string) error {
	out, err := exec.Command("ldd", programs...).Output()
	if len(out) == 0 {
		return fmt.Errorf("ldd: %w", err)
	}
	// The name service loads its own when a host name is looked up.
	found := []string{}
	for _, m := range library.FindAllStringSubmatch(string(out), -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	for _, path := range slices.Compact(found) {
		if strings.HasPrefix(path, except) {
			continue
		}
		if err := l.file(path, path); err != nil {
			return err
		}
	}
	return nil
}

// startSpark installs the Spark operator and starts its controller and its
// webhook.
func (c *Cluster) startSpark(ctx context.Context) error {
	built, err := SparkOperator.Build(ctx)
	if err != nil {
		return err
	}
	home, err := distribution(ctx)
	if err != nil {
		return err
	}
	crds, err := SparkCRDs.Path(ctx)
	if err != nil {
		return err
	}
	if err := InstallCRDs(ctx, c.Direct(), crds); err != nil {
		return err
	}
	err = c.node.load(ctx, image{name: SparkImage, fill: func(l *layer) error { return sparkLayer(l, home) },
		env: []string{"SPARK_HOME=" + sparkHome, "PYSPARK_PYTHON=/usr/bin/python3"}, entry: []string{sparkHome + "/entrypoint.sh"}, dir: sparkHome + "/work-dir"})
	if err != nil {
		return err
	}
	began := time.Now()
	for _, name := range []string{sparkNamespace, SparkNamespace} {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		if _, err := c.admin.CoreV1().Namespaces().Create(ctx, ns, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	if err := c.installWebhook(ctx); err != nil {
		return err
	}
	environment := func(cmd *exec.Cmd) {
		cmd.Env = append(append(os.Environ(), submitting(home)...), "KUBECONFIG="+filepath.Join(c.node.dir, "kubeconfig"),
			"KUBERNETES_SERVICE_HOST="+serviceAddress, "KUBERNETES_SERVICE_PORT=443", "TMPDIR="+c.node.dir)
	}
	binary := filepath.Join(built, "operator")
	controller, err := c.node.run("spark-controller", binary, []string{"controller", "start", "--namespaces=" + SparkNamespace + "," + TenantNamespace,
		"--health-probe-bind-address=:8081", "--zap-log-level=info"}, environment)
	if err != nil {
		return err
	}
	certificates := filepath.Join(c.node.dir, "webhook")
	if err := os.Mkdir(certificates, 0o700); err != nil {
		return err
	}
	webhook, err := c.node.run("spark-webhook", binary, []string{"webhook", "start", "--namespaces=" + SparkNamespace + "," + TenantNamespace,
		"--health-probe-bind-address=:8082", "--webhook-cert-dir=" + certificates, fmt.Sprintf("--webhook-port=%d", webhookPort),
		"--webhook-secret-name=" + webhookName, "--webhook-secret-namespace=" + sparkNamespace,
		"--webhook-svc-name=" + webhookName, "--webhook-svc-namespace=" + sparkNamespace,
		"--mutating-webhook-name=" + webhookName, "--validating-webhook-name=" + webhookName}, environment)
	if err != nil {
		return err
	}
	err = until(ctx, SparkOperator.Name, func(ctx context.Context) error {
		for _, port := range []int{8081, 8082} {
			if err := answers(ctx, http.DefaultClient, fmt.Sprintf("http://%s:%d/readyz", c.node.address, port)); err != nil {
				return err
			}
		}
		configured, err := c.admin.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(ctx, webhookName, metav1.GetOptions{})
		if err == nil && len(configured.Webhooks[0].ClientConfig.CABundle) == 0 {
			err = errors.New("the webhook has not given its certificate")
		}
		return err
	}, controller, webhook)
	took("start", SparkOperator.Name, began)
	return err
}

// SparkSubmit runs a script around spark-submit on this machine, against the
// cluster, and returns what it says.
func (c *Cluster) SparkSubmit(ctx context.Context, script string) (string, error) {
	home, err := distribution(ctx)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "sh", script)
	cmd.Env = append(append(os.Environ(), submitting(home)...), "KUBECONFIG="+c.plane.kubeconfig, "TMPDIR="+c.plane.dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// installWebhook tells the API server of the operator's webhook, as its Helm
// chart does.
func (c *Cluster) installWebhook(ctx context.Context) error {
	named := metav1.ObjectMeta{Name: webhookName}
	port := int32(webhookPort)
	service := &corev1.Service{ObjectMeta: named, Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "webhook", Port: port}}}}
	if _, err := c.admin.CoreV1().Services(sparkNamespace).Create(ctx, service, metav1.CreateOptions{}); err != nil {
		return err
	}
	name, ready := "webhook", true
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Name: webhookName, Labels: map[string]string{discoveryv1.LabelServiceName: webhookName}},
		AddressType: discoveryv1.AddressTypeIPv4, Ports: []discoveryv1.EndpointPort{{Name: &name, Port: &port}},
		Endpoints: []discoveryv1.Endpoint{{Addresses: []string{c.node.address}, Conditions: discoveryv1.EndpointConditions{Ready: &ready}}},
	}
	if _, err := c.admin.DiscoveryV1().EndpointSlices(sparkNamespace).Create(ctx, slice, metav1.CreateOptions{}); err != nil {
		return err
	}
	mutating := &admissionv1.MutatingWebhookConfiguration{ObjectMeta: named}
	validating := &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: named}
	none := admissionv1.SideEffectClassNone
	client := func(path string) admissionv1.WebhookClientConfig {
		return admissionv1.WebhookClientConfig{Service: &admissionv1.ServiceReference{Namespace: sparkNamespace, Name: webhookName, Port: &port, Path: &path}}
	}
	for _, kind := range []string{"v1beta2-sparkapplication", "v1beta2-scheduledsparkapplication", "v1alpha1-sparkconnect"} {
		version, singular, _ := strings.Cut(kind, "-")
		rules := []admissionv1.RuleWithOperations{{
			Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
			Rule:       admissionv1.Rule{APIGroups: []string{"sparkoperator.k8s.io"}, APIVersions: []string{version}, Resources: []string{singular + "s"}},
		}}
		path := "sparkoperator-k8s-io-" + kind
		mutating.Webhooks = append(mutating.Webhooks, admissionv1.MutatingWebhook{Name: "mutate-" + path + ".sparkoperator.k8s.io",
			ClientConfig: client("/mutate-" + path), Rules: rules, SideEffects: &none, AdmissionReviewVersions: []string{"v1"}})
		validating.Webhooks = append(validating.Webhooks, admissionv1.ValidatingWebhook{Name: "validate-" + path + ".sparkoperator.k8s.io",
			ClientConfig: client("/validate-" + path), Rules: rules, SideEffects: &none, AdmissionReviewVersions: []string{"v1"}})
	}
	mutating.Webhooks = append(mutating.Webhooks, admissionv1.MutatingWebhook{Name: "mutate--v1-pod.sparkoperator.k8s.io",
		ClientConfig: client("/mutate--v1-pod"), SideEffects: &none, AdmissionReviewVersions: []string{"v1"},
		ObjectSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"sparkoperator.k8s.io/launched-by-spark-operator": "true"}},
		Rules: []admissionv1.RuleWithOperations{{Operations: []admissionv1.OperationType{admissionv1.Create},
			Rule: admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"}}}}})
	if _, err := c.admin.AdmissionregistrationV1().MutatingWebhookConfigurations().Create(ctx, mutating, metav1.CreateOptions{}); err != nil {
		return err
	}
	_, err := c.admin.AdmissionregistrationV1().ValidatingWebhookConfigurations().Create(ctx, validating, metav1.CreateOptions{})
	return err
}
