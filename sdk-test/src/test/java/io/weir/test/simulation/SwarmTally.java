package io.weir.test.simulation;

/**
 * What has happened in the runs of a swarm.
 *
 * @param sessions those that were ready, counted at each end
 * @param duplicates connections that led to no session, since there was one
 * @param replaced sessions that ended for a newer one
 * @param received payloads that were sent to all, by each who received one
 * @param unconfirmed those that were accepted by sessions that were lost, and may not have come
 */
record SwarmTally(int sessions, int duplicates, int replaced, long received, long unconfirmed) {

    static final SwarmTally NONE = new SwarmTally(0, 0, 0, 0, 0);

    SwarmTally plus(SwarmTally other) {
        return new SwarmTally(
                sessions + other.sessions,
                duplicates + other.duplicates,
                replaced + other.replaced,
                received + other.received,
                unconfirmed + other.unconfirmed);
    }
}
