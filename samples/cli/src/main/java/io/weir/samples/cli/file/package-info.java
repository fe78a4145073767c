/**
 * Sending a file over one stream and receiving it. The stream's headers carry the offer (name, size); its elements are
 * the content in order, then one element with the content's SHA-256; the other direction carries one element, the
 * receipt. Reading and writing happen by demand, off the event loop, a bounded number of chunks ahead.
 */
@NullMarked
package io.weir.samples.cli.file;

import org.jspecify.annotations.NullMarked;
