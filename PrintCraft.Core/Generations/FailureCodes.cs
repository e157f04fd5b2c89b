namespace PrintCraft.Core.Generations;

/// <summary>Why a generation failed: a closed list with messages that are safe to show. The provider's own words stay in the log.</summary>
public static class FailureCodes
{
    /// <summary>The model ran and gave no image.</summary>
    public const string ModelFailed = "model_failed";

    /// <summary>The provider refused the prompt or the picture.</summary>
    public const string ContentRefused = "content_refused";

    /// <summary>The provider would not take the request.</summary>
    public const string ProviderRejected = "provider_rejected";

    /// <summary>The provider could not be reached, or whether it took the request could not be found out.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    /// <summary>The provider ended the run before it was done.</summary>
    public const string ProviderCanceled = "provider_canceled";

    /// <summary>The provider deleted the file before it was fetched.</summary>
    public const string OutputExpired = "output_expired";

    /// <summary>What came back is not a whole image of the asked type and size.</summary>
    public const string OutputUnusable = "output_unusable";

    /// <summary>The upload that it was to start from is gone, or is nothing that can be sent.</summary>
    public const string ReferenceUnusable = "reference_unusable";

    /// <summary>Not done by its deadline.</summary>
    public const string Timeout = "timeout";

    public static string Message(string code) => code switch
    {
        ModelFailed => "The model could not make this image. Nothing was charged for it.",
        ContentRefused => "The provider's content rules refused this prompt or its picture. Nothing was charged for it.",
        ProviderRejected => "The image provider did not accept this request. Nothing was charged for it.",
        ProviderUnavailable => "The image provider could not be reached in time. Nothing was charged for it.",
        ProviderCanceled => "The image provider stopped before the image was done. Nothing was charged for it.",
        OutputExpired => "The picture was deleted before it could be fetched. Nothing was charged for it.",
        OutputUnusable => "The provider returned something that is not the asked image. Nothing was charged for it.",
        ReferenceUnusable => "The reference image could not be used; upload it again. Nothing was charged for it.",
        Timeout => "The image was not ready in time. Nothing was charged for it.",
        _ => "The image could not be made. Nothing was charged for it.",
    };
}
