using System.Text.Encodings.Web;
using System.Text.Json;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Images;
using PrintCraft.Core.Generations;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

/// <summary>What callers see of a generation. The JSON is a contract: members are added, never renamed or removed.</summary>
public sealed class GenerationResourceTests
{
    private static readonly JsonSerializerOptions Json = ApiOptions();
    private static readonly JsonSerializerOptions Strict = new(Json) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    [Fact]
    public void An_accepted_generation_is_shown_with_every_member()
    {
        var generation = SampleGeneration.Accepted(traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        Assert.Equal(
            """
            {"id":"01990000-0000-7000-8000-000000000001","userId":"01990000-0000-7000-8000-000000000002","status":"pending","progress":10,
            "prompt":"a red fox","negativePrompt":"hands","style":"none",
            "options":{"quality":"standard","width":1024,"height":1024,"seed":42,"count":2,"outputFormat":"png","referenceImage":null,"strength":null},
            "images":[],"imageUrl":null,"thumbnailUrl":null,"previewUrl":null,"expiresAt":null,
            "metadata":{"modelUsed":"stability-ai/sdxl","processingTime":null,"cost":8,"dimensions":{"width":1024,"height":1024}},
            "credits":{"held":8,"charged":0,"refunded":0},"error":null,"estimatedTime":15,"queuePosition":3,"attempts":0,"webhookUrl":null,
            "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","createdAt":"2026-11-21T12:00:00+00:00","startedAt":null,"completedAt":null,
            "links":{"self":"/api/v1/generations/01990000-0000-7000-8000-000000000001",
            "events":"/api/v1/generations/01990000-0000-7000-8000-000000000001/events","cancel":"/api/v1/generations/01990000-0000-7000-8000-000000000001/cancel"}}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(Show(generation), Json));
    }

    [Fact]
    public void Only_finished_images_are_shown_in_their_order_with_absolute_signed_addresses()
    {
        var generation = SampleGeneration.Accepted(
            status: GenerationStatus.Succeeded,
            images:
            [
                SampleGeneration.Image(2, ImageStatus.Succeeded, attempt: 3), SampleGeneration.Image(1, ImageStatus.Failed, attempt: 1),
                SampleGeneration.Image(0, ImageStatus.Succeeded, attempt: 2),
            ]);

        var resource = Show(generation);

        Assert.Equal(
            [(0, 1024, 1024, "hash0", 1000L, 42L), (2, 1024, 1024, "hash2", 1002L, 44L)],
            resource.Images.Select(image => (image.Index, image.Width, image.Height, image.Sha256, image.Bytes, image.Seed)));
        Assert.StartsWith("https://api.printcraft.example:8443/base/images/generations/user/job/0-hash.png?expires=1795263300&signature=", resource.Images[0].Url, StringComparison.Ordinal);
        Assert.Equal(resource.Images[0].Url, resource.ImageUrl);
        Assert.Equal(SampleGeneration.Noon.AddMinutes(15), resource.ExpiresAt);
        Assert.Equal(3, resource.Attempts);
    }

    [Theory]
    [InlineData(GenerationStatus.Pending, 8)]
    [InlineData(GenerationStatus.Processing, 8)]
    [InlineData(GenerationStatus.Succeeded, 0)]
    [InlineData(GenerationStatus.Failed, 0)]
    [InlineData(GenerationStatus.Canceled, 0)]
    public void Credits_are_held_until_the_end(GenerationStatus status, int held) => Assert.Equal(held, Show(SampleGeneration.Accepted(status: status)).Credits.Held);

    [Fact]
    public void A_failed_generation_says_why_in_words_that_are_safe_to_show()
    {
        var resource = Show(SampleGeneration.Accepted(status: GenerationStatus.Failed, errorCode: FailureCodes.ContentRefused));

        Assert.Equal(
            new FailureResource("content_refused", "The provider's content rules refused this prompt or its picture. Nothing was charged for it."),
            resource.Error);
        Assert.Null(resource.ImageUrl);
        Assert.Null(resource.ExpiresAt);
    }

    [Fact]
    public void The_processing_time_is_in_seconds_from_start_to_end()
    {
        var (start, end) = (SampleGeneration.Noon.AddSeconds(1), SampleGeneration.Noon.AddSeconds(5.23456));

        Assert.Equal(4.235, Show(SampleGeneration.Accepted(startedAt: start, completedAt: end)).Metadata.ProcessingTime);
        Assert.Null(Show(SampleGeneration.Accepted(startedAt: start)).Metadata.ProcessingTime);
        Assert.Null(Show(SampleGeneration.Accepted(completedAt: end)).Metadata.ProcessingTime);
    }

    [Fact]
    public void The_client_reads_every_member_that_the_API_writes()
    {
        var written = JsonSerializer.Serialize(Show(SampleGeneration.Accepted(
            status: GenerationStatus.Succeeded, errorCode: FailureCodes.Timeout, images: [SampleGeneration.Image(0, ImageStatus.Succeeded)])), Json);

        var read = JsonSerializer.Deserialize<Client.Generation>(written, Strict)!;

        Assert.Equal((Client.GenerationStatus.Succeeded, "standard", "timeout", true), (read.Status, read.Options.Quality, read.Error!.Code, read.IsFinal));
        Assert.Equal("hash0", Assert.Single(read.Images).Sha256);
    }

    [Theory]
    [InlineData("""{"prompt":"a","credits":0}""")]
    [InlineData("""{"prompt":"a","options":{"price":0}}""")]
    [InlineData("""{"prompt":7}""")]
    [InlineData("""{"prompt":"a","options":{"width":"1024"}}""")]
    [InlineData("""{"prompt":"a","options":{"count":1.5}}""")]
    [InlineData("""{"prompt":"\ud800"}""")]
    [InlineData("""{"prompt":"a","prompt":"b","x":1}""")]
    [InlineData("[]")]
    public void A_body_that_is_not_a_request_is_refused(string body)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CreateGenerationRequest>(body, Json));
    }

    private static GenerationResource Show(Generation generation)
    {
        var request = new DefaultHttpContext { Request = { Scheme = "https", Host = new HostString("api.printcraft.example", 8443), PathBase = "/base" } };
        var urls = new ImageUrls(Options.Create(new ImageUrlOptions { SigningKey = "a signing key of the tests" }), new FixedTime(SampleGeneration.Noon));
        return new GenerationResources(urls, new HttpContextAccessor { HttpContext = request }).From(generation, generation.Status == GenerationStatus.Pending ? 3 : null);
    }

    private static JsonSerializerOptions ApiOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        ApiJson.Configure(options);
        return options;
    }
}
