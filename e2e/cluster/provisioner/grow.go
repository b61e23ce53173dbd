package provisioner

import (
	"context"
	"fmt"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"

	"eider.dev/e2e/cluster/volumes"
)

// Every claim is looked at again this often, so a growth that failed is tried again.
const retryEvery = 15 * time.Second

// growClaims watches for claims that ask for more than they have and gives it to them. Kubernetes
// itself leaves this to whoever made the volume.
func growClaims(ctx context.Context, client kubernetes.Interface, folder volumes.Folder) error {
	g := &grower{client, folder}
	factory := informers.NewSharedInformerFactory(client, retryEvery)
	_, err := factory.Core().V1().PersistentVolumeClaims().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(claim any) { g.grow(ctx, claim.(*v1.PersistentVolumeClaim)) },
		UpdateFunc: func(_, claim any) { g.grow(ctx, claim.(*v1.PersistentVolumeClaim)) },
	})
	factory.Start(ctx.Done())
	return err
}

type grower struct {
	client kubernetes.Interface
	folder volumes.Folder
}

func (g *grower) grow(ctx context.Context, claim *v1.PersistentVolumeClaim) {
	wanted, had := claim.Spec.Resources.Requests[v1.ResourceStorage], claim.Status.Capacity[v1.ResourceStorage]
	if claim.Status.Phase != v1.ClaimBound || wanted.Cmp(had) <= 0 {
		return
	}
	volume, err := g.client.CoreV1().PersistentVolumes().Get(ctx, claim.Spec.VolumeName, metav1.GetOptions{})
	if err == nil && volume.Annotations["pv.kubernetes.io/provisioned-by"] != name {
		return
	}
	if err == nil {
		err = g.folder.Grow(volume.Name, wanted.Value())
	}
	// First the disk, then what is said of it: nobody is promised room that is not there.
	if err == nil {
		_, err = g.client.CoreV1().PersistentVolumes().Patch(ctx, volume.Name, types.MergePatchType,
			fmt.Appendf(nil, `{"spec":{"capacity":{"storage":%q}}}`, wanted.String()), metav1.PatchOptions{})
	}
	if err == nil {
		_, err = g.client.CoreV1().PersistentVolumeClaims(claim.Namespace).Patch(ctx, claim.Name, types.MergePatchType,
			fmt.Appendf(nil, `{"status":{"capacity":{"storage":%q}}}`, wanted.String()), metav1.PatchOptions{}, "status")
	}
	if err != nil {
		klog.ErrorS(err, "a claim could not be grown", "claim", klog.KObj(claim), "wanted", wanted.String())
		return
	}
	klog.InfoS("a claim was grown", "claim", klog.KObj(claim), "from", had.String(), "to", wanted.String())
}
