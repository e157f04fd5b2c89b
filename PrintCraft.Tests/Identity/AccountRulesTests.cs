using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class AccountRulesTests
{
    [Fact]
    public void A_registration_says_what_is_wrong_with_each_field()
    {
        Assert.Equal(
            [
                ("email", "must be an e-mail address of at most 255 characters"),
                ("password", "Password must be at least 8 characters"),
                ("firstName", "First name is required"),
                ("lastName", "Last name is required"),
            ],
            AccountRules.OfRegistration(null, null, null, " ").Select(error => (error.Field, error.Message)));
    }

    [Theory]
    [InlineData("a@b")]
    [InlineData("ana.lucia+print@example.co.uk")]
    [InlineData("o'hara@example.com")]
    public void These_are_addresses(string email) => Assert.Empty(AccountRules.OfEmail(email));

    [Theory]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("ana@")]
    [InlineData("@example.com")]
    [InlineData("ana@example.com ")]
    [InlineData(" ana@example.com")]
    [InlineData("Ana <ana@example.com>")]
    [InlineData("ana@example.com, eve@example.com")]
    [InlineData("ana@example.com;eve@example.com")]
    [InlineData("ana@exa mple.com")]
    [InlineData("\"ana\"@example.com")]
    [InlineData("ana@example.com\r\nBcc: eve@example.com")]
    [InlineData("ana\0@example.com")]
    [InlineData("anä@example.com")]
    [InlineData("ana@@example.com")]
    public void These_are_none(string email) => Assert.Equal("email", Assert.Single(AccountRules.OfEmail(email)).Field);

    [Fact]
    public void Lengths_are_counted_at_both_ends()
    {
        Assert.Empty(AccountRules.OfRegistration(Email(255), Text(8), Text(1), Text(100)));
        Assert.Empty(AccountRules.OfRegistration(Email(255), Text(128), Text(100), Text(1)));
        Assert.Equal(["email", "password", "firstName", "lastName"], AccountRules.OfRegistration(Email(256), Text(7), Text(101), Text(101)).Select(error => error.Field));
        Assert.Equal("password", Assert.Single(AccountRules.OfRegistration(Email(9), Text(129), "A", "L")).Field);
        Assert.Equal(["email", "password", "device"], AccountRules.OfLogin("", "", "").Select(error => error.Field));
        Assert.Equal(["password", "device"], AccountRules.OfLogin("a@b", Text(129), Text(101)).Select(error => error.Field));
        Assert.Equal(["token"], AccountRules.OfVerification("a@b", Text(2049)).Select(error => error.Field));
        Assert.Equal(["currentPassword", "newPassword"], AccountRules.OfPasswordChange(null, "short").Select(error => error.Field));
    }

    private static string Text(int length) => new('x', length);

    private static string Email(int length) => $"{Text(length - 4)}@b.c";
}
