package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// loader is a Job that needs one thing of each kind.
const loader = `
apiVersion: batch/v1
kind: Job
metadata: {name: load, namespace: data}
spec:
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: loader
      priorityClassName: high
      imagePullSecrets: [{name: registry}]
      containers:
      - name: main
        envFrom:
        - configMapRef: {name: settings}
        env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: {name: warehouse, key: password}
      volumes:
      - name: state
        persistentVolumeClaim: {claimName: state}
      - name: scratch
        ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}
---
`

const loaderNeeds = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: loader, namespace: data}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 5
---
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: data}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: data}
---
apiVersion: v1
kind: Secret
metadata: {name: warehouse, namespace: data}
stringData: {password: x}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: state, namespace: data}
spec: {storageClassName: fast}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: p
---
`

// needs is a Pod that takes a variable from a secret.
func needs(secret, key string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: data}\nspec:\n  containers:\n  - name: main\n    env:\n" +
		"    - {name: A, valueFrom: {secretKeyRef: {name: " + secret + ", key: " + key + "}}}\n---\n"
}

const needsAt = "Pod data/p spec.containers[0].env[0].valueFrom.secretKeyRef."

func TestReferences(t *testing.T) {
	undeclared := func(line, secret, guess string) []string {
		return []string{line + " reference/undeclared " + needsAt + "name: Secret data/" + secret + " is declared nowhere in the bundle" + guess}
	}
	const kafka = `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: events, namespace: data}
spec:
  kafka: {listeners: [{name: tls, port: 9093, type: internal, tls: true}]}
  entityOperator: {userOperator: {secretPrefix: user-}}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: {name: loader, namespace: data, labels: {strimzi.io/cluster: events}}
spec: {authentication: {type: scram-sha-512}}
---
`
	checkManifests(t, policy.Production().Only("reference/undeclared", "reference/missing-key"), map[string]manifests{
		"all there": {loader + loaderNeeds, nil},
		"nothing there": {loader, []string{
			"14 reference/undeclared Job data/load spec.template.spec.containers[0].envFrom[0].configMapRef.name: ConfigMap data/settings is declared nowhere in the bundle",
			"18 reference/undeclared Job data/load spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name: Secret data/warehouse is declared nowhere in the bundle",
			"10 reference/undeclared Job data/load spec.template.spec.imagePullSecrets[0].name: Secret data/registry is declared nowhere in the bundle",
			"9 reference/undeclared Job data/load spec.template.spec.priorityClassName: PriorityClass high is declared nowhere in the bundle",
			"8 reference/undeclared Job data/load spec.template.spec.serviceAccountName: ServiceAccount data/loader is declared nowhere in the bundle",
			"21 reference/undeclared Job data/load spec.template.spec.volumes[0].persistentVolumeClaim.claimName: PersistentVolumeClaim data/state is declared nowhere in the bundle",
			"23 reference/undeclared Job data/load spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec.storageClassName: StorageClass fast is declared nowhere in the bundle",
		}},
		"what is there by itself": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      serviceAccountName: default
      priorityClassName: system-node-critical
      containers: [{name: main, envFrom: [{secretRef: {name: maybe, optional: true}}], volumeMounts: [{name: data, mountPath: /data}]}]
      volumes: [{name: ca, configMap: {name: kube-root-ca.crt}}, {name: scratch, persistentVolumeClaim: {claimName: OnDemand}}, {name: data, persistentVolumeClaim: {claimName: data}}]
  volumeClaimTemplates:
  - {metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}
`, nil},
		"one finding for a thing": {needs("warehouse", "a") + `
apiVersion: v1
kind: Pod
metadata: {name: q, namespace: data}
spec:
  containers:
  - name: main
    envFrom: [{secretRef: {name: warehouse}}, {secretRef: {name: warehouse}}]
`, []string{
			"8 reference/undeclared " + needsAt + "name: Secret data/warehouse is declared nowhere in the bundle",
			"17 reference/undeclared Pod data/q spec.containers[0].envFrom[0].secretRef.name: Secret data/warehouse is declared nowhere in the bundle",
		}},
		"misspelt": {needs("warehose", "password") + loaderNeeds, undeclared("8", "warehose", "; did you mean warehouse?")},
		"elsewhere": {needs("warehouse", "password") + "apiVersion: v1\nkind: Secret\nmetadata: {name: warehouse, namespace: sales}\nstringData: {password: x}\n",
			undeclared("8", "warehouse", "; there is one in namespace sales, and namespaces don't share them")},
		"without a namespace": {needs("warehouse", "password") + "apiVersion: v1\nkind: Secret\nmetadata: {name: warehouse}\nstringData: {password: x}\n", nil},
		"no such entry": {needs("warehouse", "pasword") + loaderNeeds, []string{
			"8 reference/missing-key " + needsAt + "key: Secret data/warehouse has no entry pasword; did you mean password?"}},
		"no such entry, which may be": {needs("warehouse", "pasword, optional: true") + loaderNeeds, nil},
		"an entry in data":            {needs("warehouse", "password") + "apiVersion: v1\nkind: Secret\nmetadata: {name: warehouse, namespace: data}\ndata: {password: eA==}\n", nil},
		"entries that come later":     {needs("warehouse", "password") + "apiVersion: v1\nkind: Secret\nmetadata: {name: warehouse, namespace: data, annotations: {replicator.v1.mittwald.de/replicate-from: a/b}}\n", nil},
		"a token":                     {needs("token", "token") + "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: data}\ntype: kubernetes.io/service-account-token\nstringData: {extra: x}\n", nil},
		"a config map's entries": {`
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: data}
spec:
  containers:
  - name: main
  volumes:
  - name: conf
    configMap:
      name: conf
      items: [{key: a, path: a}, {key: b, path: b}, {key: c, path: c}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf, namespace: data}
data: {a: x}
binaryData: {b: eA==}
`, []string{"10 reference/missing-key Pod data/p spec.volumes[0].configMap.name: ConfigMap data/conf has no entry c; did you mean a?"}},

		"an external secret":                 {needs("db", "a") + "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db, namespace: data}\n", nil},
		"an external secret by another name": {needs("db", "a") + "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x, namespace: data}\nspec: {target: {name: db}}\n", nil},
		"an external secret of another name": {needs("warehouse", "a") + "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: warehouse, namespace: data}\nspec: {target: {name: db}}\n",
			undeclared("8", "warehouse", "")},
		"a sealed secret":                   {needs("db", "a") + "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: data}\n", nil},
		"a certificate":                     {needs("tls", "tls.crt") + "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: data}\nspec: {secretName: tls}\n", nil},
		"a cluster's certificate":           {needs("events-cluster-ca-cert", "ca.crt") + kafka, nil},
		"a cluster's certificate, misspelt": {needs("events-cluster-ca-certs", "ca.crt") + kafka, undeclared("8", "events-cluster-ca-certs", "; did you mean events-cluster-ca-cert?")},
		"a cluster's certificate elsewhere": {needs("events-cluster-ca-cert", "ca.cert") + kafka,
			[]string{"8 reference/missing-key " + needsAt + "key: Secret data/events-cluster-ca-cert has no entry ca.cert; did you mean ca.crt?"}},
		"a Kafka user":                  {needs("user-loader", "password") + kafka, nil},
		"a Kafka user without a prefix": {needs("loader", "password") + kafka, undeclared("8", "loader", "")},
		"a Kafka user's certificate": {needs("user-loader", "user.crt") + kafka, []string{
			"8 reference/missing-key " + needsAt + "key: Secret data/user-loader has no entry user.crt"}},
		"what Connect needs": {kafka + `
apiVersion: kafka.strimzi.io/v1
kind: KafkaConnect
metadata: {name: connect, namespace: data}
spec:
  replicas: 1
  bootstrapServers: events:9093
  groupId: c
  configStorageTopic: c
  offsetStorageTopic: o
  statusStorageTopic: s
  tls: {trustedCertificates: [{secretName: events-cluster-ca-cert, certificate: ca.crt}, {secretName: others-cluster-ca-cert, certificate: ca.crt}]}
  authentication: {type: scram-sha-512, username: user-loader, passwordSecret: {secretName: user-loader, password: pasword}}
`, []string{
			"25 reference/missing-key KafkaConnect data/connect spec.authentication.passwordSecret.secretName: Secret data/user-loader has no entry pasword; did you mean password?",
			"24 reference/undeclared KafkaConnect data/connect spec.tls.trustedCertificates[1].secretName: Secret data/others-cluster-ca-cert is declared nowhere in the bundle; did you mean events-cluster-ca-cert?",
		}},
		"an authority of the user's own": {`
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: events, namespace: data}
spec:
  kafka: {listeners: [{name: tls, port: 9093, type: internal, tls: true}]}
  clusterCa: {generateCertificateAuthority: false}
---
apiVersion: v1
kind: Secret
metadata: {name: events-cluster-ca, namespace: data}
stringData: {ca.key: x}
`, []string{"6 reference/undeclared Kafka data/events spec.clusterCa.generateCertificateAuthority: Secret data/events-cluster-ca-cert is declared nowhere in the bundle; did you mean events-clients-ca-cert?"}},
		"what a workflow needs": {`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: w, namespace: data}
spec:
  entrypoint: main
  serviceAccountName: argo
  imagePullSecrets: [{name: registry}]
  volumeClaimTemplates: [{metadata: {name: work}, spec: {resources: {requests: {storage: 1Gi}}}}]
  templates:
  - name: main
    inputs: {parameters: [{name: secret}]}
    container:
      image: a:1
      envFrom: [{secretRef: {name: "{{inputs.parameters.secret}}"}}]
      volumeMounts: [{name: work, mountPath: /work}]
`, []string{
			"7 reference/undeclared WorkflowTemplate data/w spec.imagePullSecrets[0].name: Secret data/registry is declared nowhere in the bundle",
			"6 reference/undeclared WorkflowTemplate data/w spec.serviceAccountName: ServiceAccount data/argo is declared nowhere in the bundle",
		}},
		"Kubernetes' own kinds": {`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c, namespace: data}
spec: {storageClassName: fast}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: data}
imagePullSecrets: [{name: registry}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: data}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: ServiceAccount, name: a, namespace: data}
- {kind: ServiceAccount, name: b, namespace: data}
- {kind: ServiceAccount, name: c, namespace: kube-system}
- {kind: User, name: d}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: data}
spec: {tls: [{secretName: tls}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: j, namespace: data, annotations: {cert-manager.io/issuer: i}}
spec: {tls: [{secretName: tls}]}
`, []string{
			"24 reference/undeclared Ingress data/i spec.tls[0].secretName: Secret data/tls is declared nowhere in the bundle",
			"4 reference/undeclared PersistentVolumeClaim data/c spec.storageClassName: StorageClass fast is declared nowhere in the bundle",
			"17 reference/undeclared RoleBinding data/b subjects[1].name: ServiceAccount data/b is declared nowhere in the bundle; did you mean a?",
			"9 reference/undeclared ServiceAccount data/a imagePullSecrets[0].name: Secret data/registry is declared nowhere in the bundle",
		}},
	})
}

func TestNamespaces(t *testing.T) {
	object := func(name, namespace string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + namespace + "}\n---\n"
	}
	const data = "apiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n---\n"
	only := policy.Production().Only("reference/namespace")
	checkManifests(t, only, map[string]manifests{
		"in it":          {data + object("a", "data"), nil},
		"by itself":      {data + object("a", "kube-system") + object("b", "default"), nil},
		"of the cluster": {data + "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 5\n", nil},
		"none declared":  {object("a", "dta"), nil},
		"misspelt": {data + object("a", "dta") + object("b", "dta") + object("c", "sales"), []string{
			"7 reference/namespace ConfigMap dta/a metadata.namespace: the namespace dta is declared nowhere in the bundle, though others are; it holds 2 objects; did you mean data?",
			"15 reference/namespace ConfigMap sales/c metadata.namespace: the namespace sales is declared nowhere in the bundle, though others are",
		}},
	})
	checkManifests(t, only.Existing(millrace.Ref{Kind: "Namespace", Name: "sales"}), map[string]manifests{
		"existing": {data + object("c", "sales"), nil},
	})
}

func TestExisting(t *testing.T) {
	ref := func(kind, namespace, name string) millrace.Ref {
		return millrace.Ref{Kind: kind, Namespace: namespace, Name: name}
	}
	none := policy.Production().Only("reference/undeclared")
	all := none.Existing(
		ref("ServiceAccount", "data", "loader"), ref("PriorityClass", "", "high"), ref("Secret", "data", "registry"), ref("ConfigMap", "data", "settings"),
	).Existing(
		ref("Secret", "", "warehouse"), ref("PersistentVolumeClaim", "data", "state"), ref("StorageClass", "data", "fast"), ref("Secret", "data", "not-needed"),
	)
	checkManifests(t, all, map[string]manifests{"all there": {loader, nil}})
	if n := len(none.Check(loadText(t, loader)).Findings); n != 7 {
		t.Errorf("Existing changed the profile that it was called on: %d findings, want 7", n)
	}
	if r := none.Existing(ref("ServiceAccount", "sales", "loader")).Check(loadText(t, loader)); len(r.Findings) != 7 {
		t.Errorf("an account of another namespace counts:\n%s", r)
	}
	var got []string
	for _, f := range policy.Production().Existing(ref("Deployment", "data", "api"), ref("Secret", "data", "")).Check(nil).Findings {
		got = append(got, f.Rule+" "+f.Field+": "+f.Detail)
	}
	want := []string{
		`policy/profile Existing(Deployment data/api): no rule asks for things of the kind "Deployment"`,
		"policy/profile Existing(Secret data/(no name)): the name is empty",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// What a task makes is there for others, in the namespace of its workflow, and
// what it needs must be there as well.
func TestReferencesOfManifestsInTasks(t *testing.T) {
	template := func(action string) string {
		return `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: w, namespace: data}
spec:
  entrypoint: make
  serviceAccountName: argo
  templates:
  - name: make
    resource:
      action: ` + action + `
      manifest: |
        apiVersion: v1
        kind: Pod
        metadata: {name: made}
        spec:
          serviceAccountName: runner
          containers: [{name: main}]
  - name: again
    resource:
      action: ` + action + `
      manifest: |
        apiVersion: v1
        kind: Pod
        metadata: {name: again}
        spec:
          serviceAccountName: runner
          containers: [{name: main}]
  - name: account
    resource:
      action: ` + action + `
      manifest: |
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: loader}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: data}
spec:
  serviceAccountName: loader
  containers: [{name: main}]
`
	}
	profile := policy.Production().Only("reference/undeclared").Existing(millrace.Ref{Kind: "ServiceAccount", Name: "argo"})
	checkManifests(t, profile, map[string]manifests{
		"made": {template("create"), []string{
			"16 reference/undeclared WorkflowTemplate data/w spec.templates[0].resource.manifest.spec.serviceAccountName: ServiceAccount data/runner is declared nowhere in the bundle"}},
		"read": {template("get"), []string{
			"40 reference/undeclared Pod data/p spec.serviceAccountName: ServiceAccount data/loader is declared nowhere in the bundle"}},
	})
}

// In a bundle in which little is declared, guesses end before they cost much.
func TestManyUndeclared(t *testing.T) {
	parts := millrace.Parts{Objects: []millrace.Object{&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "account"}}}}
	for i := range 300 {
		name := "account" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		parts.Objects = append(parts.Objects, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{ServiceAccountName: name}})
	}
	r := policy.Production().Only("reference/undeclared").Check(build(t, parts))
	if n, guesses := len(r.Findings), strings.Count(r.String(), "did you mean account?"); n != 300 || guesses != 100 {
		t.Errorf("%d findings, %d of them with a guess; want 300 and 100", n, guesses)
	}
}
