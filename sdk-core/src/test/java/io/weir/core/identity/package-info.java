/** Tests of peer ids, identities and their files. */
@NullMarked
package io.weir.core.identity;

import org.jspecify.annotations.NullMarked;
