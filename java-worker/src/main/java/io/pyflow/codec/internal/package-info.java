/** How the wire contract is read and written; may change in any release. */
@NullMarked
package io.pyflow.codec.internal;

import org.jspecify.annotations.NullMarked;
