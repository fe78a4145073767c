/** A peer's key and addresses in one word, which people paste and cameras read. */
@NullMarked
package io.weir.samples.cli.ticket;

import org.jspecify.annotations.NullMarked;
