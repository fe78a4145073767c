/** Requests, messages, streams, exchanges and connects as observations of Micrometer, from one node to the next. */
@NullMarked
package io.weir.metrics.observation;

import org.jspecify.annotations.NullMarked;
