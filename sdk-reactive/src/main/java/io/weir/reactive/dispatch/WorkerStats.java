package io.weir.reactive.dispatch;

/**
 * What {@link Workers} have done since they were made. Each figure is read for itself; once nothing runs or waits, all calls that came
 * are {@code done} or {@code refused}.
 *
 * @param running calls that threads are at
 * @param waiting calls that wait for a thread
 * @param done calls that have returned, those that were given up while they waited included
 * @param refused calls that never were: too many waited, or the threads took no more
 */
public record WorkerStats(int running, int waiting, long done, long refused) {}
