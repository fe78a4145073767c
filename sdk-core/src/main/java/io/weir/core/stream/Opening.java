package io.weir.core.stream;

import io.weir.core.wire.Headers;

/**
 * What the OPEN of the side that begins a stream says of it.
 *
 * @param here whether that is this side
 * @param handlerOnly whether the other side is to refuse it at once unless a handler takes it
 */
record Opening(StreamId id, String name, Headers headers, boolean here, boolean handlerOnly) {}
