package spark

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// takeVolumes says the scratch volumes of the spec in settings, as the
// operator does. What the settings have no words for stays, and goes into the
// templates: Spark knows scratch volumes there by their names as well.
func (w *submission) takeVolumes() {
	said := make(map[string]bool)
	for _, r := range roles {
		pod := r.pod(w.spec)
		pod.VolumeMounts = slices.DeleteFunc(pod.VolumeMounts, func(mount corev1.VolumeMount) bool {
			at := slices.IndexFunc(w.spec.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name })
			if at < 0 || !strings.HasPrefix(mount.Name, scratchPrefix) || !plainMount(mount) {
				return false
			}
			kind, options := volumeOptions(w.spec.Volumes[at].VolumeSource)
			if kind == "" {
				return false
			}
			prefix := "spark.kubernetes." + string(r) + ".volumes." + kind + "." + mount.Name + "."
			w.set(prefix+"mount.path", mount.MountPath)
			w.set(prefix+"mount.subPath", mount.SubPath)
			if mount.ReadOnly {
				w.set(prefix+"mount.readOnly", "true")
			}
			for key, value := range options {
				w.set(prefix+"options."+key, value)
			}
			said[mount.Name] = true
			return true
		})
	}
	w.spec.Volumes = slices.DeleteFunc(w.spec.Volumes, func(v corev1.Volume) bool { return said[v.Name] && !w.mounted(v.Name) })
}

// plainMount reports whether a mount says no more than the settings can.
func plainMount(m corev1.VolumeMount) bool {
	m.Name, m.MountPath, m.SubPath, m.ReadOnly = "", "", "", false
	return reflect.ValueOf(m).IsZero()
}

// volumeOptions returns how Spark's settings call a kind of volume, and its
// options; no kind for what they don't know.
func volumeOptions(v corev1.VolumeSource) (kind string, options map[string]string) {
	readOnly := func(is bool) string {
		if is {
			return strconv.FormatBool(is)
		}
		return ""
	}
	switch {
	case v.EmptyDir != nil:
		options = map[string]string{"medium": string(v.EmptyDir.Medium)}
		if limit := v.EmptyDir.SizeLimit; limit != nil {
			options["sizeLimit"] = limit.String()
		}
		return "emptyDir", options
	case v.HostPath != nil:
		return "hostPath", map[string]string{"path": v.HostPath.Path, "type": string(deref(v.HostPath.Type))}
	case v.NFS != nil:
		return "nfs", map[string]string{"path": v.NFS.Path, "server": v.NFS.Server, "readOnly": readOnly(v.NFS.ReadOnly)}
	case v.PersistentVolumeClaim != nil:
		return "persistentVolumeClaim", map[string]string{
			"claimName": v.PersistentVolumeClaim.ClaimName, "readOnly": readOnly(v.PersistentVolumeClaim.ReadOnly),
		}
	}
	return "", nil
}

// mounted reports whether anything in the spec or in the templates still
// mounts a volume.
func (w *submission) mounted(name string) bool {
	in := func(mounts []corev1.VolumeMount) bool {
		return slices.ContainsFunc(mounts, func(m corev1.VolumeMount) bool { return m.Name == name })
	}
	for _, r := range roles {
		pod := r.pod(w.spec)
		if in(pod.VolumeMounts) || mounts(pod.Sidecars, name) || mounts(pod.InitContainers, name) {
			return true
		}
	}
	return false
}

// mounts reports whether one of the containers uses a volume.
func mounts(containers []corev1.Container, volume string) bool {
	return slices.ContainsFunc(containers, func(c corev1.Container) bool {
		return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == volume }) ||
			slices.ContainsFunc(c.VolumeDevices, func(d corev1.VolumeDevice) bool { return d.Name == volume })
	})
}

// unset reports whether a value says nothing.
func unset(v reflect.Value) bool {
	return v.IsZero() || (v.Kind() == reflect.Map || v.Kind() == reflect.Slice) && v.Len() == 0
}
