/** Streams: handles, live streams and their two halves, what feeds and what drains those, and how they end. */
@NullMarked
package io.weir.reactive.session.stream;

import org.jspecify.annotations.NullMarked;
