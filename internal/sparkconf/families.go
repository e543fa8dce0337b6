package sparkconf

import (
	"slices"
	"strings"
)

// families are the beginnings of keys that Spark builds from names, and of
// those that belong to others. The keys in them have no entry.
// Source: apache/spark, resource-managers/kubernetes, Config.scala;
// internal/config, ConfigurationUtils; SecurityManager, SSLOptions.
var families = []string{
	"spark.kubernetes.node.selector.",
	"spark.kubernetes.driver.node.selector.",
	"spark.kubernetes.executor.node.selector.",
	"spark.kubernetes.driver.label.",
	"spark.kubernetes.executor.label.",
	"spark.kubernetes.driver.annotation.",
	"spark.kubernetes.executor.annotation.",
	"spark.kubernetes.driver.service.label.",
	"spark.kubernetes.driver.service.annotation.",
	"spark.kubernetes.driverEnv.",
	"spark.kubernetes.driver.secretKeyRef.",
	"spark.kubernetes.executor.secretKeyRef.",
	"spark.kubernetes.driver.secrets.",
	"spark.kubernetes.executor.secrets.",
	"spark.kubernetes.scheduler.volcano.",

	"spark.executorEnv.",
	"spark.hadoop.",
	"spark.hive.",
	"spark.metrics.conf.",
	"spark.ssl.",
	"spark.network.crypto.config.",
	"spark.io.encryption.commons.config.",
	"spark.plugins.internal.conf.",
	"spark.scheduler.listenerbus.eventqueue.",
	"spark.driver.resource.",
	"spark.executor.resource.",
	"spark.task.resource.",
	"spark.sql.catalog.",
	"spark.sql.connect.",
	"spark.repl.",
	"spark.yarn.",
	"spark.mesos.",

	"spark.celeborn.",
	"spark.rss.",
	"spark.openlineage.",
	"spark.databricks.",
	"spark.delta.",
	"spark.sql.iceberg.",
	"spark.hoodie.",
	"spark.paimon.",
	"spark.rapids.",
	"spark.gluten.",
	"spark.comet.",
	"spark.kyuubi.",
	"spark.jindo.",
	"spark.cassandra.",
	"spark.mongodb.",
	"spark.es.",
	"spark.redis.",
	"spark.neo4j.",
	"spark.snowflake.",
	"spark.datasource.",
	"spark.ranger.",
	"spark.com.",
	"spark.org.",
	"spark.io.openlineage.",
}

// InFamily reports whether a key is one of a family.
func InFamily(key string) bool {
	return slices.ContainsFunc(families, func(f string) bool { return len(key) > len(f) && strings.HasPrefix(key, f) }) ||
		volume(key) || authentication(key)
}

// Known reports whether Spark, or somebody whose settings go with Spark's, has
// such a key.
func Known(key string) bool {
	if _, ok := Find(key); ok {
		return true
	}
	return InFamily(key)
}

// volume reports whether a key is one of a volume:
// spark.kubernetes.executor.volumes.persistentVolumeClaim.NAME.mount.path.
// Source: apache/spark, KubernetesVolumeUtils.parseVolumesWithPrefix.
func volume(key string) bool {
	rest, ok := strings.CutPrefix(key, "spark.kubernetes.driver.volumes.")
	if !ok {
		if rest, ok = strings.CutPrefix(key, "spark.kubernetes.executor.volumes."); !ok {
			return false
		}
	}
	parts := strings.SplitN(rest, ".", 4)
	if len(parts) < 4 || parts[1] == "" || parts[3] == "" || !slices.Contains([]string{"hostPath", "persistentVolumeClaim", "emptyDir", "nfs"}, parts[0]) {
		return false
	}
	switch parts[2] {
	case "mount":
		return slices.Contains([]string{"path", "subPath", "subPathExpr", "readOnly"}, parts[3])
	case "options":
		return slices.Contains([]string{"path", "type", "claimName", "storageClass", "medium", "sizeLimit", "server"}, parts[3])
	}
	return slices.Contains([]string{"label", "annotation"}, parts[2])
}

// authentication reports whether a key says who talks to the API server.
// Source: apache/spark, Config.scala, KUBERNETES_AUTH_….
func authentication(key string) bool {
	rest, ok := strings.CutPrefix(key, "spark.kubernetes.authenticate.")
	if !ok {
		return false
	}
	for _, who := range []string{"driver.mounted.", "driver.", "executor.", "submission."} {
		if what, ok := strings.CutPrefix(rest, who); ok {
			rest = what
			break
		}
	}
	return slices.Contains([]string{"oauthToken", "oauthTokenFile", "clientKeyFile", "clientCertFile", "caCertFile"}, rest)
}
