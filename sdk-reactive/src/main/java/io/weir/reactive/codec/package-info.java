/** {@link io.weir.reactive.codec.Codec}: one element of a stream to bytes and back, and the codecs that come with Weir. */
@NullMarked
package io.weir.reactive.codec;

import org.jspecify.annotations.NullMarked;
