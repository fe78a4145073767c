/**
 * Client-side load balancing, as pure decisions: which of several peers gets a call
 * ({@link io.weir.core.balance.PeerSelector}), who is left out for a time because it fails
 * ({@link io.weir.core.balance.OutlierDetector}), how many calls may be made twice
 * ({@link io.weir.core.balance.AttemptBudget}), and after how long a call is a slow one
 * ({@link io.weir.core.balance.QuantileEstimator}).
 */
@NullMarked
package io.weir.core.balance;

import org.jspecify.annotations.NullMarked;
