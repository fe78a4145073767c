/** Tests what is shown of progress. */
@NullMarked
package io.weir.samples.cli.progress;

import org.jspecify.annotations.NullMarked;
