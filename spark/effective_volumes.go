package spark

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// volumes adds those of Spark's settings, secrets and config maps, and the
// application's volumes that the role mounts.
func (m *podMaker) volumes() {
	m.secretVolumes()
	m.settingVolumes()
	mounted := func(field, value, volume, path, variable string) {
		if value == "" {
			return
		}
		from := m.application.path(field)
		m.configMap(volume, value, path, from, from, from)
		m.env(corev1.EnvVar{Name: variable, Value: path}, from, "name", "value")
	}
	mounted("hadoopConfigMap", deref(m.HadoopConfigMap), "hadoop-configmap-volume", "/etc/hadoop/conf", "HADOOP_CONF_DIR")
	mounted("sparkConfigMap", deref(m.SparkConfigMap), "spark-configmap-volume", "/etc/spark/conf", "SPARK_CONF_DIR")
	for i, c := range m.fields.ConfigMaps {
		from := m.path(fmt.Sprintf("configMaps[%d]", i))
		m.configMap(cut(c.Name+"-vol"), c.Name, c.Path, from, from+".name", from+".path")
	}
	m.applicationVolumes()
}

// maxVolumeName is where the webhook cuts the names that it makes.
const maxVolumeName = 63

func cut(name string) string { return name[:min(len(name), maxVolumeName)] }

// volume adds a volume. Its parts stand where the map says, or below from.
func (m *podMaker) volume(v corev1.Volume, from string, parts map[string]string) {
	spec := &m.pod.Template.Spec
	m.parts(fmt.Sprintf("spec.volumes[%d]", len(spec.Volumes)), from, parts)
	spec.Volumes = append(spec.Volumes, v)
}

// mount adds a mount to Spark's own container.
func (m *podMaker) mount(v corev1.VolumeMount, from string, parts map[string]string) {
	c := m.container()
	m.parts(m.at("volumeMounts[%d]", len(c.VolumeMounts)), from, parts)
	c.VolumeMounts = append(c.VolumeMounts, v)
}

func (m *podMaker) parts(at, from string, parts map[string]string) {
	m.from(at, from)
	for part, field := range parts {
		m.from(at+"."+part, field)
	}
}

// configMap mounts a config map as the webhook does.
func (m *podMaker) configMap(volume, name, path, from, nameFrom, pathFrom string) {
	m.volume(corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: name},
	}}}, from, map[string]string{"name": nameFrom, "configMap": from, "configMap.name": nameFrom})
	m.mount(corev1.VolumeMount{Name: volume, MountPath: path, ReadOnly: true}, from,
		map[string]string{"name": nameFrom, "mountPath": pathFrom, "readOnly": from})
}

// secretVolumes mounts secrets as Spark does.
func (m *podMaker) secretVolumes() {
	secret := func(name, path, from, nameFrom, pathFrom string) {
		volume := name + "-volume"
		m.volume(corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: name}}},
			from, map[string]string{"name": nameFrom, "secret": from, "secret.secretName": nameFrom})
		m.mount(corev1.VolumeMount{Name: volume, MountPath: path}, from, map[string]string{"name": nameFrom, "mountPath": pathFrom})
	}
	named := make(map[string]bool)
	for i, s := range m.fields.Secrets {
		named[s.Name] = true
		from := m.path(fmt.Sprintf("secrets[%d]", i))
		secret(s.Name, s.Path, from, from+".name", from+".path")
	}
	m.settings(m.kubernetes("secrets."), func(name, path, from string) {
		if !named[name] {
			secret(name, path, from, from, from)
		}
	})
}

// applicationVolumes adds what the role mounts of spec.volumes. The webhook
// passes over mounts of anything else.
func (m *podMaker) applicationVolumes() {
	added := make(map[string]bool)
	for i, mount := range m.fields.VolumeMounts {
		at := slices.IndexFunc(m.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name })
		if at < 0 {
			continue
		}
		if !added[mount.Name] {
			added[mount.Name] = true
			m.volume(m.Volumes[at], m.application.path(fmt.Sprintf("volumes[%d]", at)), nil)
		}
		m.mount(mount, m.path(fmt.Sprintf("volumeMounts[%d]", i)), nil)
	}
}

// settingVolume is a volume of Spark's settings:
// spark.kubernetes.executor.volumes.<kind>.<name>.<option>.
type settingVolume struct {
	kind, name string
	options    map[string]string
	froms      map[string]string // where the options stand
	from       string            // where the first stands
}

// settingVolumes adds the volumes of Spark's settings, each beside its mount.
func (m *podMaker) settingVolumes() {
	var all []settingVolume
	m.settings(m.kubernetes("volumes."), func(rest, value, from string) {
		kind, rest, _ := strings.Cut(rest, ".")
		name, option, ok := strings.Cut(rest, ".")
		if !ok {
			return
		}
		// Settings of one volume follow each other.
		if n := len(all); n == 0 || all[n-1].kind != kind || all[n-1].name != name {
			all = append(all, settingVolume{kind, name, make(map[string]string), make(map[string]string), from})
		}
		v := all[len(all)-1]
		v.options[option], v.froms[option] = value, from
	})
	for _, v := range all {
		m.settingVolume(v)
	}
}

func (m *podMaker) settingVolume(v settingVolume) {
	source, parts, ok := m.source(v)
	if !ok {
		return
	}
	if source != (corev1.VolumeSource{}) {
		parts["name"] = v.from
		m.volume(corev1.Volume{Name: v.name, VolumeSource: source}, v.from, parts)
	}
	if path := v.options["mount.path"]; path != "" {
		mount := corev1.VolumeMount{Name: v.name, MountPath: path, SubPath: v.options["mount.subPath"],
			SubPathExpr: v.options["mount.subPathExpr"], ReadOnly: v.options["mount.readOnly"] == "true"}
		parts := map[string]string{"name": v.from}
		for option, part := range map[string]string{"path": "mountPath", "subPath": "subPath", "subPathExpr": "subPathExpr", "readOnly": "readOnly"} {
			if from, ok := v.froms["mount."+option]; ok {
				parts[part] = from
			}
		}
		m.mount(mount, v.from, parts)
	}
}

// source returns what the volume is and where its parts stand. It is empty for
// a claim that Spark makes, which becomes one of the pod's, and false for what
// this package doesn't know.
func (m *podMaker) source(v settingVolume) (source corev1.VolumeSource, parts map[string]string, ok bool) {
	parts = make(map[string]string)
	option := func(name, part string) string {
		if from, ok := v.froms["options."+name]; ok && part != "" {
			parts[part] = from
		}
		return v.options["options."+name]
	}
	switch v.kind {
	case "hostPath":
		parts["hostPath"] = v.from
		source.HostPath = &corev1.HostPathVolumeSource{Path: option("path", "hostPath.path")}
		if t := option("type", "hostPath.type"); t != "" {
			source.HostPath.Type = new(corev1.HostPathType(t))
		}
	case "emptyDir":
		parts["emptyDir"] = v.from
		source.EmptyDir = &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMedium(option("medium", "emptyDir.medium"))}
		if q, ok := m.size(option("sizeLimit", "emptyDir.sizeLimit")); ok {
			source.EmptyDir.SizeLimit = &q
		}
	case "nfs":
		parts["nfs"] = v.from
		source.NFS = &corev1.NFSVolumeSource{Server: option("server", "nfs.server"), Path: option("path", "nfs.path")}
	case "persistentVolumeClaim":
		name := option("claimName", "persistentVolumeClaim.claimName")
		if option("storageClass", "") != "" && option("sizeLimit", "") != "" {
			m.claim(v)
			return source, parts, true
		}
		if strings.Contains(name, executorID) {
			return source, parts, false
		}
		parts["persistentVolumeClaim"] = v.from
		source.PersistentVolumeClaim = &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name, ReadOnly: v.options["mount.readOnly"] == "true"}
		if from, ok := v.froms["mount.readOnly"]; ok {
			parts["persistentVolumeClaim.readOnly"] = from
		}
	default:
		return source, parts, false
	}
	return source, parts, true
}

// executorID stands in the names of claims that are there before the job, one
// for each executor.
const executorID = "SPARK_EXECUTOR_ID"

// claim adds a claim that Spark makes for each pod.
func (m *podMaker) claim(v settingVolume) {
	mode := corev1.ReadWriteOnce
	if parseVersion(m.SparkVersion).atLeast(oncePodSince) && m.SparkConf["spark.kubernetes.legacy.useReadWriteOnceAccessMode"] != "true" {
		mode = corev1.ReadWriteOncePod
	}
	c := corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: v.name}, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes:      []corev1.PersistentVolumeAccessMode{mode},
		StorageClassName: new(v.options["options.storageClass"]),
	}}
	parts := map[string]string{"metadata": v.from, "metadata.name": v.from, "spec": v.from, "spec.accessModes": v.from, "spec.accessModes[0]": v.from,
		"spec.storageClassName": v.froms["options.storageClass"]}
	if q, ok := m.size(v.options["options.sizeLimit"]); ok {
		c.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: q}
		parts["spec.resources"], parts["spec.resources.requests"] = v.from, v.froms["options.sizeLimit"]
		parts["spec.resources.requests.storage"] = v.froms["options.sizeLimit"]
	}
	m.parts(fmt.Sprintf("claims[%d]", len(m.pod.Claims)), v.from, parts)
	m.pod.Claims = append(m.pod.Claims, c)
}

// oncePodSince is the first Spark whose claims are for one pod only.
// Source: Spark 4.0, core migration guide.
const oncePodSince = "4.0"

// size reads a quantity; what a workflow fills in leaves the pod not whole.
func (m *podMaker) size(text string) (resource.Quantity, bool) {
	if text == "" {
		return resource.Quantity{}, false
	}
	q, err := resource.ParseQuantity(text)
	if err != nil {
		m.pod.Whole = false
	}
	return q, err == nil
}
