/**
 * Sending files, each over a stream of its own, and receiving them. The stream's headers carry the offer; its elements are the
 * content in order, then one element with the content's SHA-256; the other direction carries answers: where to begin, and the
 * end. docs-site/tool.md has the format. Reading and writing happen by demand, off the event loop, a bounded number of chunks
 * ahead.
 */
@NullMarked
package io.weir.samples.cli.file;

import org.jspecify.annotations.NullMarked;
