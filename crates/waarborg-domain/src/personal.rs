//! Names that only the register hands out, and personal data that opens only with a permit.

use std::fmt;
use std::sync::Arc;

use zeroize::{Zeroize, Zeroizing};

use crate::permit::Permit;

macro_rules! declared_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// A name that the register declares.
            pub(crate) fn declared(name: &str) -> Self {
                Self(Arc::from(name))
            }

            /// A name as it was kept in storage.
            ///
            /// It carries no right of its own: a name that the register no longer
            /// knows opens nothing.
            #[must_use]
            pub fn from_stored(name: &str) -> Self {
                Self(Arc::from(name))
            }

            /// The name as it stands in the register.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }
    };
}

declared_name!(
    /// A category of personal data, such as `user_content`.
    Category
);
declared_name!(
    /// A purpose of processing, such as `provide`.
    Purpose
);
declared_name!(
    /// A service of the organisation, such as `chat`.
    ServiceName
);
declared_name!(
    /// A recipient of personal data, such as `demo_model`.
    RecipientName
);

/// Personal data of one category, wiped when it goes out of scope.
///
/// It cannot be printed, serialised, cloned or compared by accident:
///
/// ```compile_fail
/// use waarborg_domain::personal::{Category, Personal};
/// let name = Personal::new(Category::from_stored("account"), "Jan".to_owned());
/// let copy = name.clone();
/// ```
///
/// Who reads it has named a purpose; the field itself is out of reach:
///
/// ```compile_fail
/// use waarborg_domain::personal::{Category, Personal};
/// let name = Personal::new(Category::from_stored("account"), "Jan".to_owned());
/// println!("{}", name.value);
/// ```
///
/// Printing it for a developer shows the category alone:
///
/// ```
/// use waarborg_domain::personal::{Category, Personal};
/// let name = Personal::new(Category::from_stored("account"), "Jan".to_owned());
/// assert_eq!(format!("{name:?}"), "Personal(\"account\")");
/// ```
pub struct Personal<T: Zeroize> {
    category: Category,
    value: Zeroizing<T>,
}

impl<T: Zeroize> Personal<T> {
    /// Takes a value in, as data of `category`.
    pub fn new(category: Category, value: T) -> Self {
        Self {
            category,
            value: Zeroizing::new(value),
        }
    }

    /// The category of the register that this value belongs to.
    #[must_use]
    pub fn category(&self) -> &Category {
        &self.category
    }

    /// The value, for the purpose that `permit` names.
    ///
    /// # Errors
    ///
    /// [`OutOfPurpose`] if the register does not list this category under that purpose.
    pub fn reveal(&self, permit: &Permit<'_>) -> Result<&T, OutOfPurpose> {
        if !permit.covers(&self.category) {
            return Err(OutOfPurpose(self.category.clone()));
        }

        Ok(&self.value)
    }

    /// The value itself, for the purpose that `permit` names; it is still wiped when dropped.
    ///
    /// # Errors
    ///
    /// [`OutOfPurpose`] if the register does not list this category under that purpose.
    pub fn into_revealed(self, permit: &Permit<'_>) -> Result<Zeroizing<T>, OutOfPurpose> {
        if !permit.covers(&self.category) {
            return Err(OutOfPurpose(self.category));
        }

        Ok(self.value)
    }
}

impl<T: Zeroize> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personal({:?})", self.category)
    }
}

/// The register does not list this category under the purpose of the permit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the purpose does not cover category {0}")]
pub struct OutOfPurpose(pub Category);
