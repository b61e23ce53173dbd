package dev.eider.api.v1alpha1;

/** What becomes of a site's data when its AnalyticsSite is deleted. */
public enum DeletionPolicy {
  /** Volume and keys stay; a site of the same name and siteId finds them again. */
  Retain,
  /** Volume and keys go with the site. */
  Delete
}
