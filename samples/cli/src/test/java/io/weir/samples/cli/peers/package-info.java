/** Tests of the display of peers. */
@NullMarked
package io.weir.samples.cli.peers;

import org.jspecify.annotations.NullMarked;
