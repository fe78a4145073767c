/** Tests of keys and addresses in one word. */
@NullMarked
package io.weir.samples.cli.ticket;

import org.jspecify.annotations.NullMarked;
