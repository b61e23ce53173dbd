// Package provisioner gives the cluster's claims volumes of a real size, and makes them larger when
// their claims ask for more.
package provisioner

import (
	"context"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"

	"eider.dev/e2e/cluster/volumes"
)

// name is the provisioner that storage classes ask for.
const name = "eider.dev/local"

// Run serves the storage classes of this provisioner until the context ends.
func Run(ctx context.Context, kubeconfig string, folder volumes.Folder) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := growClaims(ctx, client, folder); err != nil {
		return err
	}
	controller.NewProvisionController(ctx, client, name, &provisioner{folder},
		// There is only one of us, so nobody has to be elected.
		controller.LeaderElection(false),
		// A volume that is deleted before its claim takes its disk with it all the same.
		controller.AddFinalizer(true),
	).Run(ctx)
	return nil
}

type provisioner struct{ folder volumes.Folder }

// Provision makes the volume of a claim.
func (p *provisioner) Provision(_ context.Context, o controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	size := o.PVC.Spec.Resources.Requests[v1.ResourceStorage]
	if err := p.folder.Create(o.PVName, size.Value()); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: o.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *o.StorageClass.ReclaimPolicy,
			AccessModes:                   o.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: size},
			// Local and not HostPath: for these the kubelet sets the group that a pod's fsGroup names.
			PersistentVolumeSource: v1.PersistentVolumeSource{
				Local: &v1.LocalVolumeSource{Path: p.folder.Path(o.PVName)},
			},
			NodeAffinity: onlyOn(o.SelectedNodeName),
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the volume of a claim that is gone, if its reclaim policy is Delete.
func (p *provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	return p.folder.Remove(volume.Name)
}

// onlyOn pins a volume to a node, which the API demands of local ones. A claim that nobody uses yet
// has no node, and then any will do: there is only one.
func onlyOn(node string) *v1.VolumeNodeAffinity {
	here := v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpExists}
	if node != "" {
		here.Operator, here.Values = v1.NodeSelectorOpIn, []string{node}
	}
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{
		NodeSelectorTerms: []v1.NodeSelectorTerm{{MatchExpressions: []v1.NodeSelectorRequirement{here}}},
	}}
}
