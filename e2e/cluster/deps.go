package main

import (
	_ "k8s.io/cri-client/pkg"
	_ "sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)
