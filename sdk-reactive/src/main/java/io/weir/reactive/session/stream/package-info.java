/**
 * Streams: handles, live streams and their two halves, what feeds and what drains those, and how they end. {@code Streams}
 * decides what becomes of a stream that the peer opens; {@code UnclaimedStreams} keeps those that wait for somebody.
 */
@NullMarked
package io.weir.reactive.session.stream;

import org.jspecify.annotations.NullMarked;
