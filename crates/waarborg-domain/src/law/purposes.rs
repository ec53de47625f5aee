//! The closed set of purposes, and the purposes of the Data Privacy Vocabulary that it points into.

/// A purpose that the program knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPurpose {
    /// Its name in a register.
    pub name: &'static str,
    /// Its term in the Data Privacy Vocabulary, without prefix.
    pub dpv: &'static str,
    /// Whether it is direct marketing (article 21(2)).
    pub marketing: bool,
    /// Whether it may go on under a restriction: safety, duties, legal claims, the rights themselves (article 18(2)).
    pub despite_restriction: bool,
}

/// A purpose by its name.
#[must_use]
pub fn known(name: &str) -> Option<&'static KnownPurpose> {
    KNOWN.iter().find(|purpose| purpose.name == name)
}

/// The names of all purposes that the program knows.
pub fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|purpose| purpose.name)
}

/// Whether the Data Privacy Vocabulary 2.3 has this purpose.
#[must_use]
pub fn is_term(term: &str) -> bool {
    TERMS.binary_search(&term).is_ok()
}

/// Every purpose of the Data Privacy Vocabulary 2.3.
pub fn terms() -> impl Iterator<Item = &'static str> {
    TERMS.iter().copied()
}

const fn plain(name: &'static str, dpv: &'static str) -> KnownPurpose {
    KnownPurpose {
        name,
        dpv,
        marketing: false,
        despite_restriction: false,
    }
}

const fn marketing(name: &'static str, dpv: &'static str) -> KnownPurpose {
    KnownPurpose {
        name,
        dpv,
        marketing: true,
        despite_restriction: false,
    }
}

const fn lasting(name: &'static str, dpv: &'static str) -> KnownPurpose {
    KnownPurpose {
        name,
        dpv,
        marketing: false,
        despite_restriction: true,
    }
}

const KNOWN: &[KnownPurpose] = &[
    plain("provide", "ServiceProvision"),
    plain("answer_questions", "RequestedServiceProvision"),
    plain("authenticate", "IdentityAuthentication"),
    plain("support", "CustomerCare"),
    plain("communicate", "CommunicationManagement"),
    plain("service_updates", "CommunicationForCustomerCare"),
    marketing("marketing", "DirectMarketing"),
    marketing("newsletter", "DirectMarketing"),
    plain("personalise", "ServicePersonalisation"),
    plain("improve", "ImproveExistingProductsAndServices"),
    plain("train", "ResearchAndDevelopment"),
    plain("analyse", "ServiceUsageAnalytics"),
    lasting("security", "EnforceSecurity"),
    plain("prevent_fraud", "FraudPreventionAndDetection"),
    lasting("legal_duty", "LegalCompliance"),
    lasting("legal_claims", "CustomerClaimsManagement"),
    lasting("bookkeeping", "RecordManagement"),
    plain("payment", "PaymentManagement"),
    lasting("answer_requests", "OrganisationComplianceManagement"),
    lasting("accountability", "OrganisationGovernance"),
    lasting("administer", "EnforceAccessControl"),
    plain("inspect", "MisusePreventionAndDetection"),
    plain("licences", "ServiceAccessDetermination"),
    plain("survey", "ServiceOptimisation"),
    plain("display", "TechnicalServiceProvision"),
    plain("train_staff", "PersonnelManagement"),
    lasting("incidents", "OrganisationRiskManagement"),
];

/// In the order of their letters, so that they can be searched.
const TERMS: &[&str] = &[
    "AcademicResearch",
    "AccountManagement",
    "Advertising",
    "AgeVerification",
    "CombatClimateChange",
    "CommercialPurpose",
    "CommercialResearch",
    "CommunicationForCustomerCare",
    "CommunicationManagement",
    "CounterMoneyLaundering",
    "Counterterrorism",
    "CustomerCare",
    "CustomerClaimsManagement",
    "CustomerManagement",
    "CustomerOrderManagement",
    "CustomerRelationshipManagement",
    "CustomerSolvencyMonitoring",
    "DataAltruism",
    "DataAvailabilityAssessment",
    "DataGovernance",
    "DataInteroperabilityAssessment",
    "DataInteroperabilityImprovement",
    "DataInteroperabilityManagement",
    "DataInventoryManagement",
    "DataQualityAssessment",
    "DataQualityImprovement",
    "DataQualityManagement",
    "DataSecurityManagement",
    "DataSuitabilityAssessment",
    "DeliveryOfGoods",
    "DirectMarketing",
    "DisputeManagement",
    "EnforceAccessControl",
    "EnforceSecurity",
    "EstablishContractualAgreement",
    "FraudPreventionAndDetection",
    "FulfilmentOfContractualObligation",
    "FulfilmentOfObligation",
    "HumanResourceManagement",
    "IdentityAuthentication",
    "IdentityVerification",
    "ImproveExistingProductsAndServices",
    "ImproveHealthcare",
    "ImproveInternalCRMProcesses",
    "ImprovePublicServices",
    "ImproveTransportMobility",
    "IncreaseServiceRobustness",
    "InternalResourceOptimisation",
    "LegalCompliance",
    "MaintainFraudDatabase",
    "Marketing",
    "MemberPartnerManagement",
    "MetadataManagement",
    "MisusePreventionAndDetection",
    "NonCommercialPurpose",
    "NonCommercialResearch",
    "OptimisationForConsumer",
    "OptimisationForController",
    "OptimiseUserInterface",
    "OrganisationComplianceManagement",
    "OrganisationGovernance",
    "OrganisationRiskManagement",
    "PaymentManagement",
    "Personalisation",
    "PersonalisedAdvertising",
    "PersonalisedBenefits",
    "PersonnelBehaviourMonitoring",
    "PersonnelHiring",
    "PersonnelManagement",
    "PersonnelMonitoring",
    "PersonnelOffboarding",
    "PersonnelOnboarding",
    "PersonnelPayment",
    "PersonnelPerformanceEvaluation",
    "PersonnelPerformanceManagement",
    "PersonnelPerformanceMonitoring",
    "PersonnelPerformancePrediction",
    "PersonnelPromotionManagement",
    "PersonnelTerminationManagement",
    "PersonnelWorkloadManagement",
    "PoliticalCampaign",
    "ProtectionOfIPR",
    "ProtectionOfNationalSecurity",
    "ProtectionOfPublicSecurity",
    "ProvideEventRecommendations",
    "ProvideOfficialStatistics",
    "ProvidePersonalisedRecommendations",
    "ProvideProductRecommendations",
    "PublicBenefit",
    "PublicPolicyMaking",
    "PublicRelations",
    "RecordManagement",
    "RecruitmentAdvertising",
    "RecruitmentApplicantBackgroundCheck",
    "RecruitmentApplicantCriminalBackgroundCheck",
    "RecruitmentApplicantInformationAuthentication",
    "RecruitmentApplicantSelection",
    "RecruitmentApplicationAnalysis",
    "RecruitmentApplicationManagement",
    "RecruitmentApplicationScreening",
    "RecruitmentInterviewAnalysis",
    "RecruitmentInterviewAssessment",
    "RecruitmentInterviewManagement",
    "RecruitmentInterviewScheduling",
    "RecruitmentManagement",
    "RecruitmentTargetedAdvertising",
    "RepairImpairments",
    "RequestedServiceProvision",
    "ResearchAndDevelopment",
    "ScientificResearch",
    "SearchFunctionalities",
    "SellDataToThirdParties",
    "SellInsightsFromData",
    "SellProducts",
    "SellProductsToDataSubject",
    "ServiceAccessDetermination",
    "ServiceManagement",
    "ServiceMonitoring",
    "ServiceOptimisation",
    "ServicePersonalisation",
    "ServiceProvision",
    "ServiceRegistration",
    "ServiceUsageAnalytics",
    "SocialMediaMarketing",
    "TargetedAdvertising",
    "TechnicalServiceProvision",
    "UserInterfacePersonalisation",
    "VendorManagement",
    "VendorPayment",
    "VendorRecordsManagement",
    "VendorSelectionAssessment",
    "Verification",
];
