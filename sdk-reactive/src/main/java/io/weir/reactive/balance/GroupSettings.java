package io.weir.reactive.balance;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import reactor.core.scheduler.Scheduler;

/**
 * What a group takes over from its node.
 *
 * @param scheduler its clock, and where waiting ends
 * @param sessionWait how long calls wait for a peer unless they say so
 * @param requestTimeout of requests that have none of their own
 * @param maxWaiting calls that may wait at once
 * @param random evenly distributed, from 0 to less than 1
 */
public record GroupSettings(
        Scheduler scheduler, Duration sessionWait, Duration requestTimeout, int maxWaiting, DoubleSupplier random) {}
